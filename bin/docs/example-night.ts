// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const date = '2026-11-21T02:00:00Z';
/** What the example's random folder is called in print. */
const sampleFolder = 'example-2026-11-21-k3Xv9Q';

export type ExampleNight = {
  /** Holds the vault and its state. */
  readonly place: string;
  /** The night's own folder. */
  readonly folder: string;
  readonly command: string;
  /** What it printed, colours included. */
  readonly output: string;
  readonly report: string;
  /** The pull request's text by spec. */
  readonly pullRequest: (spec: string) => Promise<string>;
  readonly remove: () => Promise<void>;
};

/** Runs `pantheon night --example` for real, with a home of its own so that this tree stays as it is. */
export const runExampleNight = async (root: string): Promise<ExampleNight> => {
  const home = await mkdtemp(join(tmpdir(), 'pantheon-docs-'));
  const remove = () => rm(home, { recursive: true, force: true });
  try {
    for (const name of await readdir(root)) {
      if (!['traces', '.git'].includes(name)) await symlink(join(root, name), join(home, name));
    }
    await mkdir(join(home, 'traces'));
    const args = ['night', '--example', '--date', date];
    const env = { ...process.env, PANTHEON_HOME: home, FORCE_COLOR: '1', CI: '1' };
    const { stdout } = await promisify(execFile)('bin/pantheon', args, {
      cwd: home,
      env,
    });
    const [folder = ''] = (await readdir(join(home, 'traces'))).filter((name) =>
      name.startsWith('example-'),
    );
    const print = (text: string) =>
      text
        .replaceAll(`${home}/`, '')
        .replaceAll(folder, sampleFolder)
        // What is measured is another each time.
        .replaceAll(/\d+ slots?: (\d+ requests), .*/g, '$1');
    const night = join(home, 'traces', folder, 'traces', date.slice(0, 10));
    const read = async (path: string) => print(await readFile(join(night, path), 'utf8'));
    return {
      place: join(home, 'traces', folder),
      folder: night,
      command: 'bin/pantheon night --example',
      output: print(stdout),
      report: await read('report.md'),
      pullRequest: (spec) => read(join(spec, 'pull-request', 'pr.md')),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
};
