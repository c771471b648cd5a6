// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Fault } from '../../simulated-github/faults.ts';
import { addIssue, setLabel } from '../../simulated-github/state.ts';
import { sendAll } from '../night-writes.ts';
import { makeGithub } from './with-github.ts';

/*
 * Faults and kills at every request: the forge ends with one pull request, one comment and the right
 * labels, whatever happened, and a further run asks nothing. bin/suites/kill-all tries every fault
 * at every request; here each is at the pull request, and one of each sort at the others.
 */

const routes = [
  'GET /pulls',
  'POST /pulls',
  'POST /labels',
  'GET /comments',
  'POST /comments',
  'DELETE /labels/{name}',
] as const;

const transient: readonly Fault[] = [
  '500',
  '500 after',
  '502 mid-body',
  '502 mid-body after',
  'secondary rate limit',
  'primary rate limit',
  '409',
  'slow',
  'slow after',
  'dropped',
  'dropped after',
  'nonsense',
];

const lasting: readonly Fault[] = ['401', '403 scope'];

const author = { login: 'ada', type: 'User' } as const;

const prepare = async (t: ExecutionContext, kill?: () => Promise<void>) => {
  const made = await makeGithub(t, {}, { slowMs: 3500, ...(kill && { kill }) });
  const { state } = made.github;
  state.roles.ada = 'write';
  const issue = addIssue(state, { title: 'A chore', body: 'text', author });
  setLabel(state, issue, 'invalid', true, author);
  const pullRequest = made.request();
  const check = () => {
    const pulls = made.pulls();
    t.is(pulls.length, 1);
    t.is(pulls[0]?.pull?.headSha, pullRequest.commit);
    t.deepEqual(pulls[0]?.labels, ['pantheon']);
    t.true(pulls[0]?.body.includes(`<!-- pantheon:tidy:${pullRequest.specDigest} -->`));
    t.is(made.tip(pullRequest.branch), pullRequest.commit);
    t.deepEqual(
      state.comments.map(({ body }) => body),
      ['<!-- pantheon:comment:red-bin -->\nIt ended red.'],
    );
    t.deepEqual(issue.labels, ['ready']);
    made.clean();
  };
  return { ...made, pullRequest, check };
};

const survives = test.macro({
  title: (_, route: string, fault: Fault) => `${fault} at ${route}`,
  exec: async (t, route: string, fault: Fault) => {
    const { github, open, pullRequest, check } = await prepare(t);
    github.script([{ on: route, fault }]);
    await sendAll(open(fault.startsWith('slow') ? { timeoutMs: 2500 } : {}), pullRequest);
    github.script([]);
    // On a busy machine another request may have taken too long as well.
    if (lasting.includes(fault) || fault.startsWith('slow')) {
      const synced = await open().sync();
      t.deepEqual([synced.waiting, synced.refused], [[], []]);
    } else if (fault === 'primary rate limit') {
      await open().sync();
    }
    check();
    github.takeCalls();
    await open().open(pullRequest);
    const { sent, waiting } = await open().sync();
    t.deepEqual([sent, waiting], [0, []]);
    const writes = github.takeCalls().filter((call) => !call.startsWith('GET '));
    t.deepEqual(writes, [], 'nothing is written again');
  },
});

const all = process.env.PANTHEON_KILL_TEST === 'all';
const sorts: readonly Fault[] = ['502 mid-body', 'slow after', 'dropped after', '401'];

for (const route of routes) {
  // What is only asked for is not done, whatever the answer.
  const faults = route.startsWith('GET')
    ? sorts.filter((fault) => !fault.endsWith('after'))
    : sorts;
  const everyFault = all || route === 'POST /pulls';
  for (const fault of everyFault ? [...transient, ...lasting] : faults)
    test(survives, route, fault);
}

const killed = test.macro({
  title: (_, route: string, fault: Fault) => `killed: ${fault} at ${route}`,
  exec: async (t, route: string, fault: Fault) => {
    let child: ChildProcess | undefined;
    const kill = async () => {
      child?.kill('SIGKILL');
      if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
    };
    const { github, open, places, repository, environment, pullRequest, check } = await prepare(
      t,
      kill,
    );
    github.script([{ on: route, fault }]);
    const options = {
      ...places,
      repository,
      settings: { draft: false, labels: ['pantheon'], assignees: [] },
    };
    const argument = JSON.stringify({ options, environment, pullRequest });
    child = spawn(process.execPath, [join(import.meta.dirname, 'send-child.ts'), argument], {
      stdio: 'inherit',
    });
    await once(child, 'exit');
    t.is(child.signalCode, 'SIGKILL');
    github.script([]);
    // The night is resumed: what it had asked for is asked for again.
    await sendAll(open(), pullRequest);
    check();
  },
});

for (const route of routes) {
  test(killed, route, 'kill');
  if (all || route.startsWith('POST')) test(killed, route, 'kill after');
}
