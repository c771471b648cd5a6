// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeGithub } from '../../forge/github/with-github.ts';
import { formBody } from '../../forge/intake/form-body.ts';
import { addIssue, setLabel } from '../../simulated-github/state.ts';
import { writeFiles } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

const author = { login: 'mallory', type: 'User' } as const;

test('sync says what still waits, and what was sent', async (t) => {
  const made = await makeGithub(t);
  addIssue(made.github.state, { title: 'A chore', body: '', author });
  const state = join(made.home, 'state-of-pantheon');
  const environment = { ...made.environment, PANTHEON_STATE: state };
  const off = { ...environment, GITHUB_API_URL: 'http://127.0.0.1:9' };
  t.is(
    (await start(['sync'], made.repository, environment)).stdout,
    'Nothing is waiting, and there are no new decisions.\n',
  );
  const asked = await start(['sync'], made.repository, off);
  t.is(asked.code, 1);
  t.regex(asked.stdout, /cannot be reached/);
});

test('pull requests on GitHub are listed, and decided there', async (t) => {
  const made = await makeGithub(t);
  const state = join(made.home, 'state-of-pantheon');
  const pantheon = (...args: readonly string[]) =>
    start(args, made.repository, { ...made.environment, PANTHEON_STATE: state });
  writeFileSync(join(made.repository, 'pantheon.yaml'), 'forge: github\n');
  made.run(['add', 'pantheon.yaml']);
  made.run(['commit', '--quiet', '--message', 'Set up']);
  t.is((await pantheon('prs')).stdout, 'There are no open pull requests.\n');
  const { branch } = made.request();
  await made.open().open(made.request());
  const { stdout } = await pantheon('prs');
  t.regex(stdout, new RegExp(`^${branch}  open  [^\\n]+\\n  http\\S+/pull/1\\n$`));
  const refused = await pantheon('accept', branch);
  t.is(refused.code, 2);
  t.regex(refused.stderr, /is on GitHub: merge or close it at http\S+\/pull\/1/);
});

test('intake answers the issue of the event, once', async (t) => {
  const made = await makeGithub(t);
  writeFiles(made.repository, { 'docs/a.md': '# A\n' });
  made.run(['add', '-A']);
  made.run(['commit', '-q', '-m', 'A note']);
  const body = formBody({ scope: 'docs/', acceptance: 'All *.md have GPL header' });
  addIssue(made.github.state, { title: 'Add header', body, author });
  const event = join(made.home, 'event.json');
  writeFileSync(event, JSON.stringify({ action: 'opened', issue: { number: 1, title: '$(id)' } }));
  const environment = {
    ...made.environment,
    PANTHEON_STATE: join(made.home, 'state-of-pantheon'),
    GITHUB_EVENT_PATH: event,
  };
  const { code, stdout } = await start(['intake'], made.repository, environment);
  t.deepEqual([code, stdout], [0, 'Issue #1: valid\n']);
  await start(['intake', '--issue', '1'], made.repository, environment);
  t.is(made.github.state.comments.length, 1);
  const spec = '{ id: issue-1, title: Other, scope: docs/, acceptance: [All fine] }\n';
  writeFiles(made.repository, { 'specs/other.yaml': spec });
  made.run(['add', '-A']);
  made.run(['commit', '-q', '-m', 'A file of that id']);
  const clash = await start(['intake', '--issue', '1'], made.repository, environment);
  t.regex(
    clash.stdout,
    /^Issue #1: invalid\n {2}Id: "issue-1" is already the id of specs\/other\.yaml/,
  );
  t.regex(made.github.state.comments[0]?.body ?? '', /is already the id of specs\/other\.yaml/);
  made.clean();
});

const never: Readonly<
  Record<string, readonly [values: Readonly<Record<string, string>>, answer: RegExp]>
> = {
  'words that no chore covers': [
    { acceptance: 'Every note is a joy to read' },
    /^Issue #1: invalid\n {2}no chore covers the sentence "Every note is a joy to read"[^\n]*\n {2}\S/,
  ],
  'a scope without a file': [
    { scope: 'dosc/' },
    /^Issue #1: invalid\n {2}the scope "dosc\/\*\*" matches no file .*\n {2}\S/,
  ],
  'a spec to wait for that is not there': [
    { dependsOn: 'nothing' },
    /^Issue #1: invalid\n {2}Depends on, line 1: unknown spec "nothing"\. Name an id that exists/,
  ],
};

for (const [what, [values, answer]] of Object.entries(never)) {
  test(`an approved issue with ${what} is told by day that it will never run`, async (t) => {
    const made = await makeGithub(t);
    const { state } = made.github;
    writeFiles(made.repository, { 'docs/a.md': '# A\n' });
    made.run(['add', '-A']);
    made.run(['commit', '-q', '-m', 'A note']);
    state.roles.ada = 'write';
    const body = formBody({ scope: 'docs/', acceptance: 'Every note has a title', ...values });
    const issue = addIssue(state, { title: 'Tidy', body, author });
    setLabel(state, issue, 'pantheon:approved', true, { login: 'ada', type: 'User' });
    const environment = { ...made.environment, PANTHEON_STATE: join(made.home, 'kept') };
    const { code, stdout } = await start(['intake', '--issue', '1'], made.repository, environment);
    t.is(code, 0);
    t.regex(stdout, answer);
    t.deepEqual(issue.labels, ['pantheon:spec', 'pantheon:invalid']);
    t.regex(state.comments[0]?.body ?? '', /^\*\*This is not a valid spec yet\.\*\*\n\n- \S/m);
    made.clean();
  });
}
