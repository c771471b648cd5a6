// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Forge } from '../../../src/forge/forge.ts';
import { pushBranch, remoteTips } from '../../../src/forge/github/git-remote.ts';
import { readGithubRepository } from '../../../src/forge/github/repository.ts';
import { takenBranches, takeSnapshot } from '../../../src/forge/snapshot.ts';
import { addIssue } from '../../simulated-github/state.ts';
import { plainGit } from '../../workspace/with-repository.ts';
import { makeGithub } from './with-github.ts';

const ada = { login: 'ada', type: 'User' } as const;

test('weeks without a network: all waits on disk in order, and is sent in order, once', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  addIssue(state, { title: 'A chore', body: '', author: ada });
  const offline = {
    environment: {
      GITHUB_API_URL: 'http://127.0.0.1:9',
      PANTHEON_GIT_REMOTE: 'https://127.0.0.1:9/x.git',
    },
  };
  const pull = made.request();
  const forge = made.open(offline);
  t.regex((await forge.open(pull)).waiting ?? '', /cannot be reached/);
  await forge.comment(1, 'red-bin', 'first');
  await forge.label(1, { add: ['ready'], remove: [] });
  await made.open(offline).comment(1, 'red-bin', 'second');
  t.deepEqual(
    (await made.open(offline).list()).map(({ state: now, pullRequest }) => [
      now,
      pullRequest.branch,
    ]),
    [['open', pull.branch]],
  );
  // Meanwhile git throws away what is on no branch.
  made.run(['reflog', 'expire', '--expire=now', '--all']);
  made.run(['gc', '-q', '--prune=now']);
  t.throws(() => made.run(['cat-file', '-e', pull.commit]));
  const { sent, waiting } = await made.open().sync();
  t.deepEqual([sent, waiting], [4, []]);
  t.is(made.pulls()[0]?.pull?.headSha, pull.commit);
  t.deepEqual(
    state.comments.map(({ body }) => body),
    ['<!-- pantheon:comment:red-bin -->\nsecond'],
  );
  const writes = made.github.takeCalls().filter((call) => !call.startsWith('GET '));
  t.deepEqual(
    writes.map((call) => call.split('/').at(-1)),
    ['pulls', 'labels', 'comments', 'labels', '{comment_id}'],
  );
  t.is((await made.open().sync()).sent, 0);
  t.deepEqual(
    made.github.takeCalls().filter((call) => !call.startsWith('GET ')),
    [],
  );
  made.clean();
});

test('without a token everything waits, and nothing is asked', async (t) => {
  const made = await makeGithub(t);
  const forge = made.open({ environment: { GITHUB_TOKEN: '' } });
  t.regex((await forge.open(made.request())).waiting ?? '', /no token/);
  t.is((await forge.list()).length, 1);
  t.deepEqual(made.github.takeCalls(), []);
  t.is((await made.open().sync()).sent, 1);
});

test('a wrong token stops the first night before it is spent, and a later one goes on', async (t) => {
  const made = await makeGithub(t);
  const wrong = { environment: { GITHUB_TOKEN: 'ghs_wrong' } };
  await t.throwsAsync(made.open(wrong).list(), {
    name: 'UserError',
    message: /401.*set PANTHEON_GITHUB_TOKEN/,
  });
  await made.open().open(made.request());
  await made.open().list();
  t.is((await made.open(wrong).list()).length, 1);
  t.regex(made.said.join('\n'), /goes on with the pull requests that were known/);
});

test('a comment that is only to be edited is not written again', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  addIssue(state, { title: 'A chore', body: '', author: ada });
  const bodies = () => state.comments.map(({ body }) => body.split('\n')[1]);
  await made.open().comment(1, 'red-bin', 'well', 'edit');
  t.deepEqual(bodies(), []);
  await made.open().comment(1, 'red-bin', 'red');
  await made.open().comment(1, 'red-bin', 'well', 'edit');
  t.deepEqual(bodies(), ['well']);
});

test('an issue that is gone keeps nothing else waiting', async (t) => {
  const made = await makeGithub(t);
  await t.throwsAsync(made.open().comment(99, 'red-bin', 'x'), {
    message: /the issue does not exist/,
  });
  await made.open().open(made.request());
  t.is(made.pulls().length, 1);
  made.clean();
});

test('the token reaches neither a file, nor an argument, nor what is said', async (t) => {
  const made = await makeGithub(t);
  await made.open().open(made.request());
  await made.open({ environment: { GITHUB_TOKEN: 'ghs_wrong' } }).sync();
  const files = readdirSync(made.home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of files) {
    const text = readFileSync(join(entry.parentPath, entry.name), 'latin1');
    t.false(/ghs_/.test(text), entry.name);
  }
  t.false(made.said.some((line) => line.includes('ghs_')));
});

/* What reaches the remote by git: one commit, on a branch that nobody has, and the token nowhere else. */

test('a branch that appeared meanwhile is not moved on, not even forwards', async (t) => {
  const made = await makeGithub(t);
  const { branch, commit, base } = made.request();
  plainGit(made.remote)(['branch', branch, base]);
  const github = readGithubRepository(made.environment, undefined);
  await t.throwsAsync(pushBranch(made.repository, github, branch, commit), {
    message: /the branch already exists with other commits/,
  });
  t.is(made.tip(branch), base);
});

type Made = Awaited<ReturnType<typeof makeGithub>>;

const waits = test.macro({
  title: (what) => `what a person or time can lift waits: ${what}`,
  exec: async (t, hinder: (made: Made) => () => void, why: RegExp) => {
    const made = await makeGithub(t);
    const lift = hinder(made);
    const { waiting } = await made.open().open(made.request());
    t.regex(waiting ?? '', why);
    lift();
    t.deepEqual((await made.open().sync()).waiting, []);
    t.is(made.pulls().length, 1);
  },
});

const withFile = (path: (made: Made) => string, text: string, mode: number) => (made: Made) => {
  const file = join(made.remote, path(made));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  return () => rmSync(file);
};
const withHook = (line: string) =>
  withFile(() => 'hooks/pre-receive', `#!/bin/sh\n${line}\n`, 0o755);
const withBranch = ({ remote, head }: Made) => {
  const run = plainGit(remote);
  run(['branch', 'pantheon', head]);
  return () => run(['branch', '-D', 'pantheon']);
};
const lock = ({ request }: Made): string => `refs/heads/${request().branch}.lock`;

test('a rule', waits, withHook('echo "error: GH013: Repository rule" >&2; exit 1'), /\(GH013\)/);
test('a hook', waits, withHook('exit 1'), /a protection or a hook of the forge/);
test('a branch in the way', waits, withBranch, /named "pantheon" leaves no room/);
test('a lock', waits, withFile(lock, '', 0o644), /could not take the branch just now/);

const taken = async (forge: Forge, wanted: readonly string[]) =>
  takenBranches(await takeSnapshot(forge), wanted);

test('branches that are on the remote already are named before work', async (t) => {
  const { open, remote, head, request } = await makeGithub(t);
  const { branch } = request();
  const run = plainGit(remote);
  run(['branch', branch, head]);
  t.deepEqual([...(await taken(open(), [branch, 'pantheon/other-1']))], [branch]);
  run(['branch', '-D', branch]);
  run(['branch', 'pantheon', head]);
  await t.throwsAsync(taken(open(), [branch]), {
    message: /^The branch "pantheon" .* on the forge$/,
  });
  const environment = { PANTHEON_GIT_REMOTE: join(remote, 'nowhere') };
  t.deepEqual([...(await taken(open({ environment }), [branch]))], []);
});

test('two commits in the place of one are not pushed', async (t) => {
  const made = await makeGithub(t);
  made.run(['switch', '-q', '--detach', made.commit('one\n')]);
  writeFileSync(join(made.repository, 'a.txt'), 'two\n');
  made.run(['commit', '-qam', 'Second']);
  const commit = made.run(['rev-parse', 'HEAD']).trim();
  made.run(['switch', '-q', 'main']);
  const request = made.request({ commit });
  await t.throwsAsync(made.open().open(request), { message: /is not one commit on/ });
  t.throws(() => made.tip(request.branch));
  t.deepEqual(made.pulls(), []);
});

/** A server that asks for credentials and notes what it is told, or sends elsewhere. */
const listen = async (t: ExecutionContext, elsewhere?: string) => {
  const told: string[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers.authorization ?? 'nothing');
    if (elsewhere === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' });
    } else {
      response.writeHead(301, { location: `${elsewhere}${request.url}` });
    }
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { told, url: `http://127.0.0.1:${port}` };
};

test('the token is told to its own server and to no other', async (t) => {
  const made = await makeGithub(t);
  const other = await listen(t);
  const server = await listen(t);
  const sending = await listen(t, other.url);
  const ask = (url: string) =>
    t.throwsAsync(
      remoteTips(
        made.repository,
        readGithubRepository(
          { ...made.environment, PANTHEON_GIT_REMOTE: `${url}/octo/vault.git` },
          undefined,
        ),
        'main',
        undefined,
      ),
      { name: 'ForgeFault' },
    );
  await ask(server.url);
  const basic = Buffer.from(`x-access-token:${made.environment.GITHUB_TOKEN}`).toString('base64');
  t.true(server.told.includes(`Basic ${basic}`));
  await ask(sending.url);
  t.deepEqual(other.told, [], 'no redirect is followed');
});

test('git asks another server on the way without the token', async (t) => {
  const made = await makeGithub(t);
  const other = await listen(t);
  made.run(['config', `url.${other.url}/.insteadOf`, 'http://127.0.0.1:9/']);
  const remote = 'http://127.0.0.1:9/octo/vault.git';
  const github = readGithubRepository(
    { ...made.environment, PANTHEON_GIT_REMOTE: remote },
    undefined,
  );
  await t.throwsAsync(remoteTips(made.repository, github, 'main', undefined), {
    name: 'ForgeFault',
  });
  t.true(other.told.length > 0);
  t.true(other.told.every((line) => line === 'nothing'));
});

test('a remote is not a command', async (t) => {
  const made = await makeGithub(t);
  const proof = join(made.home, 'proof');
  for (const remote of [`ext::sh -c "touch ${proof}"`, `--upload-pack=touch ${proof}`]) {
    const github = readGithubRepository(
      { ...made.environment, PANTHEON_GIT_REMOTE: remote },
      undefined,
    );
    await t.throwsAsync(remoteTips(made.repository, github, 'main', undefined), {
      name: 'ForgeFault',
    });
  }
  t.false(existsSync(proof));
});

for (const [title, token] of [
  ['a line end', 'ghs_a\nX-Other: b'],
  ['a blank', 'ghs_a b'],
  ['a letter that no token has', 'ghs_\u00e9'],
] as const) {
  test(`a token with ${title} is refused before anything is asked`, (t) => {
    const environment = { GITHUB_REPOSITORY: 'octo/vault', GITHUB_TOKEN: token };
    const error = t.throws(() => readGithubRepository(environment, undefined), {
      name: 'UserError',
    });
    t.regex(error?.message ?? '', /contains spaces or other invalid characters/);
    t.false(error?.message.includes('ghs_'));
  });
}
