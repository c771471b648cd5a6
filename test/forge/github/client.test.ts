// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import nock from 'nock';
import { z } from 'zod';
import type { ForgeFault } from '../../../src/forge/forge-fault.ts';
import { openClient } from '../../../src/forge/github/client.ts';
import { githubRoutes } from '../../../src/forge/github/github-context.ts';
import { readGithubRepository } from '../../../src/forge/github/repository.ts';

/*
 * What goes over the wire to github.com and to an Enterprise Server. Where only the answer to a write
 * matters, a server on this machine is asked, for which the client has none of GitHub's pauses.
 */

const environment = { GITHUB_REPOSITORY: 'octo/vault', GITHUB_TOKEN: 'ghs_test' };
const api = 'https://api.github.com';
const near = 'http://localhost';
const here = '/repos/octo/vault';
const anything = z.unknown();

const client = (more: NodeJS.ProcessEnv = {}) =>
  openClient(readGithubRepository({ ...environment, ...more }, undefined), { timeoutMs: 2000 });

const faultIn = async (t: ExecutionContext, asked: Promise<unknown>): Promise<ForgeFault> =>
  (await t.throwsAsync<ForgeFault>(asked, { name: 'ForgeFault' })) as ForgeFault;

/** The fault of a comment's writing. */
const commentFault = (t: ExecutionContext): Promise<ForgeFault> =>
  faultIn(
    t,
    client({ GITHUB_API_URL: near }).call(
      githubRoutes.comment,
      { issue_number: 7, body: 'x' },
      anything,
    ),
  );

test.before(() => nock.disableNetConnect());
test.after.always(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});
// Interceptors are the process's own.
test.afterEach((t) => {
  t.deepEqual(nock.pendingMocks(), []);
  nock.cleanAll();
});

test.serial('asks GitHub with the token, the repository and its own name', async (t) => {
  nock(api, {
    reqheaders: {
      authorization: 'token ghs_test',
      'user-agent': /^pantheon octokit/,
      accept: /application\/vnd\.github/,
    },
  })
    .get(`${here}/issues/7`)
    .reply(200, { number: 7 });
  const answer = z.object({ number: z.number() });
  t.deepEqual(await client().call(githubRoutes.issue, { issue_number: 7 }, answer), { number: 7 });
});

for (const [title, server, base] of [
  ['an Enterprise Server', 'https://ghe.acme.test', 'https://ghe.acme.test/api/v3'],
  ['a GitHub with data residency', 'https://acme.ghe.com', 'https://api.acme.ghe.com'],
] as const) {
  test.serial(`asks ${title} at its own address`, async (t) => {
    nock(base).get(`${here}/issues/7`).reply(200, {});
    await client({ GITHUB_SERVER_URL: server }).call(
      githubRoutes.issue,
      { issue_number: 7 },
      anything,
    );
    t.pass();
  });
}

test.serial('takes all pages, and no more once there is enough', async (t) => {
  const items = (from: number, amount: number) =>
    Array.from({ length: amount }, (_, index) => ({ id: from + index }));
  const page = (number: number, answer: readonly object[]) =>
    nock(api)
      .get(`${here}/issues/7/comments`)
      .query({ per_page: 100, page: number })
      .reply(200, [...answer]);
  const item = z.object({ id: z.number() });
  const asked = [githubRoutes.listComments, { issue_number: 7 }, item] as const;
  page(1, items(0, 100));
  page(2, items(100, 3));
  t.is((await client().pages(...asked)).length, 103);
  page(1, items(0, 100));
  t.is((await client().pages(...asked, () => true)).length, 100);
});

test.serial('a question is asked again after a 502, a write is not', async (t) => {
  nock(api).get(`${here}/issues/7`).reply(502).get(`${here}/issues/7`).reply(200, {});
  await client().call(githubRoutes.issue, { issue_number: 7 }, anything);
  nock(near).post(`${here}/issues/7/comments`).reply(502);
  t.like(await commentFault(t), { kind: 'unreachable', status: 502 });
});

test.serial('waits as a secondary rate limit asks, where that is not too long', async (t) => {
  const limited = { message: 'You have exceeded a secondary rate limit.' };
  nock(api)
    .get(`${here}/issues/7`)
    .reply(403, limited, { 'retry-after': '1' })
    .get(`${here}/issues/7`)
    .reply(200, {});
  const started = performance.now();
  await client().call(githubRoutes.issue, { issue_number: 7 }, anything);
  t.true(performance.now() - started > 900);
  nock(api).get(`${here}/issues/7`).reply(403, limited, { 'retry-after': '3600' });
  const fault = await faultIn(t, client().call(githubRoutes.issue, { issue_number: 7 }, anything));
  t.is(fault.kind, 'unreachable', 'it waits in the outbox and is not a mistake of the token');
});

for (const [status, body, headers, kind, words] of [
  [401, { message: 'Bad credentials' }, {}, 'denied', /set PANTHEON_GITHUB_TOKEN/],
  [
    403,
    { message: 'Resource not accessible by integration' },
    { 'x-accepted-github-permissions': 'issues=write' },
    'denied',
    /lacks a permission \(issues=write\)/,
  ],
  [404, { message: 'Not Found' }, {}, 'denied', /check the name of the repository/],
  [409, { message: 'Conflict' }, {}, 'unreachable', /409/],
  [422, { message: 'Validation Failed' }, {}, 'refused', /Validation Failed/],
  [
    422,
    { message: 'Validation Failed', errors: [{ message: 'was submitted too quickly' }] },
    {},
    'unreachable',
    /too quickly/,
  ],
  [429, '<html>Too Many Requests</html>', {}, 'unreachable', /429/],
  [
    403,
    { message: 'Unable to create comment because issue is locked.' },
    {},
    'refused',
    /is locked/,
  ],
  [301, { message: 'Moved Permanently' }, { location: '/repositories/2' }, 'denied', /was moved/],
  [307, { message: 'Moved Permanently' }, { location: '/repositories/2' }, 'denied', /was moved/],
] as const) {
  test.serial(`an answer of ${status} says what it means: ${kind}, ${words.source}`, async (t) => {
    nock(near).post(`${here}/issues/7/comments`).reply(status, body, headers);
    const fault = await commentFault(t);
    t.like(fault, { kind, status });
    t.regex(fault.message, words);
    t.notRegex(fault.message, /ghs_test/);
  });
}

test.serial('an answer that is too large is not read to its end', async (t) => {
  nock(near)
    .post(`${here}/issues/7/comments`)
    .reply(200, Buffer.alloc(33 * 1024 * 1024, ' '), { 'content-type': 'application/json' });
  t.regex((await commentFault(t)).message, /larger than 33554432 bytes/);
});

test.serial('a page of more than was asked for is not an answer of GitHub', async (t) => {
  nock(api)
    .get(`${here}/issues/7/comments`)
    .query({ per_page: 100, page: 1 })
    .reply(200, Array(101).fill({}));
  const asked = client().pages(githubRoutes.listComments, { issue_number: 7 }, anything);
  t.regex((await faultIn(t, asked)).message, /is not GitHub's API/);
});

test.serial('no question is taken to another repository', async (t) => {
  nock(api)
    .get(`${here}/issues/7`)
    .reply(301, {}, { location: `${api}/repositories/2/issues/1` });
  const fault = await faultIn(t, client().call(githubRoutes.issue, { issue_number: 7 }, anything));
  t.like(fault, { kind: 'denied', status: 301 });
});

test.serial('what is not an answer of GitHub is not taken for one', async (t) => {
  nock(api).get(`${here}/issues/7`).reply(200, '<html>a proxy</html>');
  const answer = z.object({ number: z.number() });
  const fault = await faultIn(t, client().call(githubRoutes.issue, { issue_number: 7 }, answer));
  t.regex(fault.message, /is not GitHub's API/);
});

test.serial('a line that breaks', async (t) => {
  nock(near).post(`${here}/issues/7/comments`).replyWithError('socket hang up');
  t.is((await commentFault(t)).kind, 'unreachable');
});

test.serial('an answer that says no is not asked for again', async (t) => {
  nock(api).get(`${here}/issues/7`).reply(404, { message: 'Not Found' });
  const fault = await faultIn(t, client().call(githubRoutes.issue, { issue_number: 7 }, anything));
  // A second question would find nothing that answers it, and that has no status.
  t.is(fault.status, 404);
});

test.serial('a name in a path stays one part of it, and writes come a second apart', async (t) => {
  const remove = (name: string) =>
    client().call(githubRoutes.removeLabel, { issue_number: 7, name }, anything);
  const labels = `${here}/issues/7/labels`;
  nock(api).delete(`${labels}/..%2F..%2Fpulls`).reply(200, []).delete(`${labels}/b`).reply(200, []);
  const started = performance.now();
  await Promise.all(['../../pulls', 'b'].map(remove));
  t.true(performance.now() - started > 900);
});
