// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { date } from './with-jobs.ts';

/** Runs a command, and makes a failure of whatever comes, as an agent of a repository may. */
const checker = `
export const run = async ({ executor, signal }) => {
  const root = process.env.PANTHEON_TEST_ROOT;
  try {
    await executor.run({ argv: ['true'], cwd: root, root, timeoutMs: 10_000, signal });
    return { notes: 'ran', result: {} };
  } catch ({ message }) {
    return { notes: message, result: {}, failure: { code: 'sandbox', message } };
  }
};
`;

confinedTest('a job without a sandbox ends with the mistake and can be run again', async (t) => {
  t.timeout(120_000);
  const { folder, state, pantheon } = await makePlace(t, {
    'agents/checker/agent.ts': checker,
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
  });
  const night = join(temporaryFolder(t), 'night');
  for (const args of [
    ['collect', '--date', date],
    ['node', 'plan'],
    ['node', 'work'],
  ]) {
    const { code, stderr } = await pantheon(...args, '--night', night);
    t.is(code, 0, stderr);
  }
  const env = {
    ...process.env,
    PANTHEON_STATE: join(state.root, '..'),
    PANTHEON_TEST_ROOT: temporaryFolder(t),
  };
  const program = join(import.meta.dirname, '../../../bin/pantheon');
  const test = (...before: readonly string[]) => {
    const [file = program, ...args] = [...before, program, 'node', 'test', '--night', night];
    return spawnSync(file, args, { cwd: folder, env, encoding: 'utf8' });
  };
  // Where there is no program that starts there is no sandbox.
  const places = ['/usr/local/bin/bwrap', '/usr/bin/bwrap'].filter((file) => existsSync(file));
  const hidden = places.flatMap((file) => ['--ro-bind', '/dev/null', file]);
  const { status, stdout, stderr } = test('bwrap', '--dev-bind', '/', '/', ...hidden);
  t.is(status, 2, stdout);
  t.regex(stderr, /^pantheon: tests and checks cannot be confined: .*bubblewrap .*\n$/m);
  t.is(readFileSync(join(night, 'journal-test.jsonl'), 'utf8'), '');
  t.deepEqual(globSync('**/test*', { cwd: night }), []);
  t.is(
    test().stdout,
    `test: 1 ok, 0 failed, 0 skipped in ${join(night, '..').split('/').at(-1)}/night\n`,
  );
});
