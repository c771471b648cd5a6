// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { openChores } from '../chore/chores.ts';
import { printable, printableLines } from '../data/printable.ts';
import { readSource } from '../data/read-source.ts';
import { UserError } from '../data/user-error.ts';
import { type Drafted, renderDraft } from '../day/planner/answer.ts';
import type { ChatMessage } from '../day/planner/chat.ts';
import { critiqueSpec, draftSpec, type Planning } from '../day/planner/plan-spec.ts';
import type { RepositoryView } from '../day/planner/prompt.ts';
import { plannerSettings } from '../day/planner/settings.ts';
import { requireDay } from '../day/require-day.ts';
import { flowNames } from '../night/open/read-commit.ts';
import { loadSpecFile } from '../spec/load-specs.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { resolveRepository } from '../workspace/repository.ts';
import { daySigns } from './shared/day-signs.ts';
import { untilInterrupted } from './shared/interrupt.ts';

export type SpecArguments = {
  readonly repo?: string;
  readonly out?: string;
  readonly force?: true;
  readonly yes?: true;
};

/** `pantheon spec draft WISH` */
export const draftCommand = (wish: string, args: SpecArguments): Promise<void> =>
  withPlanner('pantheon spec draft', args, (planning) => draftSpec(wish, planning));

/** `pantheon spec critique FILE`: a spec with mistakes is told at home, without asking anyone. */
export const critiqueCommand = (file: string, args: SpecArguments): Promise<void> =>
  withPlanner('pantheon spec critique', args, async (planning) => {
    const source = await readSource(file);
    loadSpecFile(source);
    return critiqueSpec(source.text, planning);
  });

const withPlanner = async (
  what: string,
  args: SpecArguments,
  ask: (planning: Planning) => Promise<Drafted>,
): Promise<void> => {
  requireDay(what, await daySigns());
  refuseCi(what, process.env);
  refuseOverwrite(args);
  const settings = await plannerSettings(process.env);
  const view = args.repo === undefined ? undefined : await viewOf(args.repo);
  await untilInterrupted('Interrupted; nothing was written.', async (signal) => {
    const drafted = await ask({
      settings,
      view,
      confirm: (host, messages) => confirm(host, messages, args.yes === true, signal),
      signal,
    });
    await write(renderDraft(drafted), args);
    tell(drafted);
  });
};

/** What reaches out is for a person at work, never for what runs by itself. */
const refuseCi = (what: string, { CI = '' }: NodeJS.ProcessEnv): void => {
  if (CI === '' || CI === '0' || CI === 'false') return;
  throw new UserError(`${what} is for a person by day, and CI is set; it never runs in CI`);
};

const refuseOverwrite = ({ out, force }: SpecArguments): void => {
  if (out !== undefined && !force && existsSync(out)) throw exists(out);
};

const exists = (out: string, cause?: unknown): UserError =>
  new UserError('is there already; give another name, or --force to replace it', {
    place: { file: out },
    cause,
  });

const write = async (text: string, { out, force }: SpecArguments): Promise<void> => {
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeFile(out, text, { flag: force ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw exists(out, cause);
    throw new UserError(`cannot be written (${cause.code}); check the folder`, {
      place: { file: out },
      cause,
    });
  });
  process.stderr.write(`Wrote ${printable(out)}; read it before you commit it.\n`);
};

/** Sentences that only a model could follow are worth a second look. */
const tell = ({ spec }: Drafted): void => {
  const odd = spec.acceptance.filter((sentence) => openChores().read(sentence) === undefined);
  for (const sentence of odd) {
    process.stderr.write(`Not understood by the rules, so for models alone: ${sentence}\n`);
  }
};

const viewOf = async (repo: string): Promise<RepositoryView> => {
  const { root, head } = await resolveRepository(repo);
  const base = await openBaseTree(root, head);
  try {
    const paths = [...base.entries.keys()].sort();
    const specs = paths.flatMap((path) => /^specs\/([^/]+)\.(?:ya?ml|json)$/.exec(path)?.[1] ?? []);
    return {
      paths: paths.map((path) => printable(path)),
      flows: [...(await flowNames(base))],
      specs: specs.filter((id) => id !== 'schema').map((id) => printable(id)),
    };
  } finally {
    await base.close();
  }
};

const confirm = async (
  host: string,
  messages: readonly ChatMessage[],
  yes: boolean,
  signal: AbortSignal,
): Promise<boolean> => {
  const say = (text: string) => process.stderr.write(`${printableLines(text)}\n`);
  const size = messages.reduce((sum, { content }) => sum + content.length, 0);
  if (!yes && !process.stdin.isTTY) {
    throw new UserError(
      `asks before it sends anything to ${host}; answer at a terminal, or give --yes`,
    );
  }
  if (!yes) for (const { role, content } of messages) say(`--- ${role}\n${content}`);
  say(`${yes ? 'Sending' : 'All of the above would be sent,'} ${size} characters, to ${host}.`);
  if (yes) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question('Send it? [y/N] ', { signal })).trim());
  } finally {
    terminal.close();
  }
};
