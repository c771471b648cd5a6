// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { configName } from '../../config/config-mistake.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { UserError } from '../../data/user-error.ts';
import { driftOf } from '../../flow/compile/compile.ts';
import { intakeLabels } from '../../forge/intake/form.ts';
import { resolveCheckout } from '../../workspace/repository.ts';
import { isPantheon } from './compiled-workflows.ts';
import { actionsRef, githubFiles, readIfPresent } from './github-files.ts';

export type InitArguments = {
  readonly repo: string;
  readonly actions?: string;
  readonly local?: true;
  readonly dryRun?: true;
  readonly force?: true;
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `pantheon init`: writes what is missing; what is there and differs is named and left, but for --force. */
export const initCommand = async (args: InitArguments): Promise<void> => {
  const root = await resolveCheckout(args.repo);
  const present = await readIfPresent(join(root, configName));
  const config = present ?? (args.local ? localConfig : await newConfig(root, args));
  const files = new Map(args.local ? [[configName, config]] : await githubFiles(root, config));
  if (!existsSync(join(root, 'specs'))) files.set('specs/example.yaml', await exampleSpec(root));
  for (const [path, text] of files) {
    const before = await readIfPresent(join(root, path));
    if (before === text) say(`${path}: up to date.`);
    else if (before !== undefined && !args.force)
      say(`${path}: differs and was not changed; --force replaces it.`);
    else await put(root, path, text, args, before);
  }
  say(args.local ? localSteps(root) : nextSteps(loadConfig({ name: configName, text: config })));
};

/** `pantheon upgrade`: moves the pin and all that is compiled forward and shows what changes. */
export const upgradeCommand = async (args: InitArguments): Promise<void> => {
  const root = await resolveCheckout(args.repo);
  const present = await readIfPresent(join(root, configName));
  if (present === undefined) {
    throw new UserError('the file is missing. Run "pantheon init" first.', {
      place: { file: configName },
    });
  }
  const config = await moved(root, present, args.actions);
  let changed = 0;
  for (const [path, text] of await githubFiles(root, config)) {
    const before = await readIfPresent(join(root, path));
    if (before === text) continue;
    const edited = path.startsWith('.github/workflows/') && driftOf(before, text) === 'edited';
    if (edited && !args.force) {
      say(`${path}: was edited by hand and not changed; --force replaces it.`);
      continue;
    }
    changed += 1;
    say(createTwoFilesPatch(path, path, before ?? '', text, '', '').trimEnd());
    await put(root, path, text, args, before);
  }
  const { actions } = loadConfig({ name: configName, text: config }).github;
  say(
    changed === 0
      ? 'Everything is up to date.'
      : `\nNext: look at it, commit and push it, and install ${releaseOf(actions)} on the runners.`,
  );
};

/** The config with another pin; every other byte of it stays. */
const moved = async (root: string, config: string, asked: string | undefined): Promise<string> => {
  const { actions } = loadConfig({ name: configName, text: config }).github;
  if (actions === undefined || isPantheon(root)) return config;
  const ref = await actionsRef(asked);
  return config.replace(actions, () => ref);
};

const put = async (
  root: string,
  path: string,
  text: string,
  { dryRun }: InitArguments,
  before: string | undefined,
): Promise<void> => {
  if (!dryRun) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  say(`${path}: ${dryRun ? 'would be ' : ''}${before === undefined ? 'written' : 'replaced'}.`);
};

const localConfig = `# Defaults and all settings: docs/configuration.md of Pantheon.
profile: embedded # rules, no model and no GPU; see pantheon doctor
forge: local # pull requests are branches here; "pantheon prs" lists them
`;

const newConfig = async (root: string, args: InitArguments): Promise<string> => {
  const actions = isPantheon(root) ? undefined : await actionsRef(args.actions);
  return [
    '# Defaults and all settings: docs/configuration.md of Pantheon.',
    'profile: embedded # rules, no model and no GPU; see pantheon doctor',
    'github:',
    ...(actions === undefined ? [] : [`  actions: '${actions}'`]),
    "  schedule: '17 2 * * *' # UTC",
    '  runsOn: [self-hosted, pantheon]',
    '  pullRequests: { draft: false, labels: [pantheon], assignees: [] }',
    '',
  ].join('\n');
};

/** A spec that the rules can meet, over documents that are there. */
const exampleSpec = async (root: string): Promise<string> => {
  const documents = await readdir(join(root, 'docs')).catch((): string[] => []);
  const scope = documents.some((name) => name.endsWith('.md')) ? 'docs/' : "'*.md'";
  return `# An example: change it or delete it before the first night.
title: Give every document a title
flow: docops
scope: ${scope}
acceptance:
  - Every note has a title
`;
};

/** Without its version. */
const releaseOf = (actions: string | undefined): string => actions?.split(' ')[0] ?? 'this commit';

/** A night each night, by cron; nothing is installed for it. */
const localSteps = (root: string): string => `
Next:
  1. look at the files, try the example and commit them:
       pantheon spec check specs/example.yaml
  2. pantheon night, then pantheon prs
  3. a night at 02:17 each night, as a line for "crontab -e":
       17 2 * * * ${process.env.PANTHEON_COMMAND ?? 'pantheon'} night --repo '${root.replaceAll("'", "'\\''")}'
In the morning "pantheon prs" lists what waits for you.`;

const nextSteps = ({ flow, github: { actions, runsOn } }: Config): string => `
Next:
  1. look at the files, then commit and push them
  2. on GitHub, Settings > Actions > General: allow GitHub Actions to create pull requests
  3. on GitHub, Issues > Labels: make the label ${intakeLabels.approved}
  4. set up a runner with the labels ${runsOn.join(', ')}; install ${releaseOf(actions)}
     on it, and let PANTHEON_HOME name that folder
  5. Actions > night ${flow} > Run workflow, with "dry-run" for a first look
docs/github.md of Pantheon has each step in full.`;
