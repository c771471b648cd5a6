// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { pushBranch, remoteTips } from '../../../src/forge/github/git-remote.ts';
import { readGithubRepository } from '../../../src/forge/github/repository.ts';
import { plainGit } from '../../workspace/with-repository.ts';
import { makeGithub } from './with-github.ts';

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
