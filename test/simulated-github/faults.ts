// SPDX-License-Identifier: GPL-3.0-only
import type { ServerResponse } from 'node:http';
import type { Answer } from './routes.ts';

/** What can go wrong with one request. `after` means that what was asked was done all the same. */
export type Fault =
  | '500'
  | '500 after'
  | '502 mid-body'
  | '502 mid-body after'
  | 'secondary rate limit'
  | 'primary rate limit'
  | '301'
  | '401'
  | '403 scope'
  | '403 locked'
  | '404'
  | '409'
  | '410'
  | '422 exists'
  | '422 invalid'
  | '422 too quickly'
  | 'slow'
  | 'slow after'
  | 'dropped'
  | 'dropped after'
  | 'nonsense'
  | 'kill'
  | 'kill after';

/** At which request of a route, counted from 1, and for how many of them. */
export type Scripted = {
  /** Name of the route, or its end: `POST /pulls` stands for `POST /repos/{owner}/{repo}/pulls`. */
  readonly on: string;
  readonly fault: Fault;
  readonly at?: number;
  readonly times?: number;
};

export const isAt = (scripted: Scripted, route: string, nth: number): boolean => {
  const [method, end = ''] = scripted.on.split(' ');
  const [ownMethod, path = ''] = route.split(' ');
  const { at = 1, times = 1 } = scripted;
  return method === ownMethod && path.endsWith(end) && nth >= at && nth < at + times;
};

/** Whether the request is carried out before the fault shows. */
export const isAfter = (fault: Fault): boolean => fault.endsWith(' after');

type Plain = Answer & { readonly headers?: Readonly<Record<string, string>> };

const docs = 'https://docs.github.com/rest';

/** Faults that are a whole answer of their own; the others are done to the connection. */
const answers: Partial<Readonly<Record<Fault, Plain>>> = {
  '500': { status: 500, body: { message: 'Server Error' } },
  '500 after': { status: 500, body: { message: 'Server Error' } },
  'secondary rate limit': {
    status: 403,
    body: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes.',
      documentation_url: docs,
    },
    headers: { 'retry-after': '1' },
  },
  'primary rate limit': {
    status: 403,
    body: { message: 'API rate limit exceeded for installation.', documentation_url: docs },
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' },
  },
  '301': {
    status: 301,
    body: { message: 'Moved Permanently', documentation_url: docs },
    headers: { location: '/repositories/2/elsewhere' },
  },
  '401': { status: 401, body: { message: 'Bad credentials', documentation_url: docs } },
  '403 scope': {
    status: 403,
    body: { message: 'Resource not accessible by integration', documentation_url: docs },
    headers: { 'x-accepted-github-permissions': 'pull_requests=write' },
  },
  '403 locked': {
    status: 403,
    body: { message: 'Unable to create comment because issue is locked.', documentation_url: docs },
  },
  '404': { status: 404, body: { message: 'Not Found', documentation_url: docs } },
  '409': { status: 409, body: { message: 'Conflict', documentation_url: docs } },
  '410': { status: 410, body: { message: 'This issue was deleted', documentation_url: docs } },
  '422 invalid': {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [{ value: 'x', resource: 'Issue', field: 'assignees', code: 'invalid' }],
      documentation_url: docs,
    },
  },
  '422 too quickly': {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message: 'was submitted too quickly' }],
      documentation_url: docs,
    },
  },
  '422 exists': {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [
        {
          resource: 'PullRequest',
          code: 'custom',
          message: 'A pull request already exists for owner:branch.',
        },
      ],
      documentation_url: docs,
    },
  },
};

/** Writes an answer as GitHub does. */
export const reply = (response: ServerResponse, { status, body, headers = {} }: Plain): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
};

/** Does a fault to a connection; `answer` is what would have been said. */
export const misbehave = async (
  response: ServerResponse,
  fault: Fault,
  answer: Answer | undefined,
  slowMs: number,
): Promise<void> => {
  const whole = answers[fault];
  if (whole) {
    reply(response, whole);
    return;
  }
  if (fault === 'nonsense') {
    reply(response, { status: answer?.status ?? 200, body: { hello: 'world' } });
    return;
  }
  if (fault.startsWith('slow')) {
    await new Promise((resolve) => setTimeout(resolve, slowMs));
  } else if (fault.startsWith('502')) {
    // The head of a good answer, and then only half of the body.
    const text = JSON.stringify(answer?.body ?? { message: 'Bad Gateway' });
    response.writeHead(answer?.status ?? 502, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
    });
    response.write(text.slice(0, Math.floor(text.length / 2)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  response.destroy();
};
