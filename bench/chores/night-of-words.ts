// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installationFolder } from '../../src/data/installation.ts';
import type { Part } from './part.ts';
import { moreFiles, requests } from './requests.ts';
import { files, specs, type WordedSpec } from './words.ts';

const goal = 0.85;

const all = { ...specs, ...requests };
const allFiles: Readonly<Record<string, string>> = { ...files, ...moreFiles };

type Summary = {
  readonly specs: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly reason: string;
    readonly advice?: string;
    readonly branch: string | null;
  }[];
};

/**
 * Specs in people's words, worked in a real night by rules. Right is the pull request that a person would
 * expect, or an answer that leads to one within one edit.
 */
export const words: Part = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-words-'));
  try {
    const repository = makeRepository(folder);
    const summary = night(folder, repository);
    const rows = Object.entries(all).map(([id, worded]) => {
      const ended = summary.specs.find((spec) => spec.id === id);
      const fault = ended ? faultOf(worded, ended, repository) : 'it was not worked';
      return { id, fault };
    });
    const right = rows.filter(({ fault }) => fault === undefined).length;
    const wanted = Math.ceil(goal * rows.length);
    const said = `${right} of ${rows.length} right (goal ${wanted})`;
    return {
      lines: [
        ...rows.map(({ id, fault }) =>
          fault === undefined ? `right  ${id}` : `WRONG  ${id}: ${fault}`,
        ),
        said,
      ],
      missed: right < wanted ? [said] : [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const makeRepository = (folder: string): string => {
  const repository = join(folder, 'shop');
  const written = Object.entries(all).map(
    ([id, { spec }]) => [`specs/${id}.json`, JSON.stringify(spec)] as const,
  );
  for (const [path, text] of [
    ...Object.entries(allFiles),
    ...written,
    ['.gitignore', 'node_modules\n'],
  ] as const) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  symlinkSync(join(installationFolder, 'node_modules'), join(repository, 'node_modules'));
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: repository });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', 'commit', '-q', '-m', 'Shop');
  return repository;
};

const night = (folder: string, repository: string): Summary => {
  const { stdout, stderr } = spawnSync(
    join(installationFolder, 'bin/pantheon'),
    ['night', '--repo', repository, '--json'],
    { env: { ...process.env, PANTHEON_STATE: join(folder, 'state') }, encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

const faultOf = (
  { right }: WordedSpec,
  { outcome, reason, advice = '', branch }: Summary['specs'][number],
  repository: string,
): string | undefined => {
  if ('answer' in right) {
    return right.answer.test(`${reason} ${advice}`) ? undefined : `${outcome}: ${reason} ${advice}`;
  }
  if (branch === null) return `${outcome}: ${reason}`;
  for (const [path, pattern] of Object.entries(right.changed)) {
    const text = execFileSync('git', ['show', `${branch}:${path}`], {
      cwd: repository,
      encoding: 'utf8',
    });
    if (!pattern.test(text)) return `${path} is ${JSON.stringify(text.slice(0, 200))}`;
    if (text === allFiles[path]) return `${path} did not change`;
  }
  return undefined;
};
