// SPDX-License-Identifier: GPL-3.0-only
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import { isLoopback } from '../../boundary/local-address.ts';
import { printable } from '../../data/printable.ts';
import { ForgeFault } from '../forge-fault.ts';
import { faultOfRequest, foreignAnswerFault, movedFault } from './answer-fault.ts';
import { fetchWhole } from './fetch-whole.ts';
import type { GithubRepository } from './repository.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** The GitHub of one repository: `owner` and `repo` are added to every request. */
export type GithubClient = {
  /** @throws ForgeFault, also when the answer is not of that shape. */
  readonly call: <S extends z.ZodType>(
    route: string,
    parameters: Parameters,
    answer: S,
  ) => Promise<z.output<S>>;
  /**
   * All items of a list, page after page, until `enough` of what came last.
   * @throws ForgeFault, also when there are more pages than anyone could need.
   */
  readonly pages: <S extends z.ZodType>(
    route: string,
    parameters: Parameters,
    item: S,
    enough?: (page: readonly z.output<S>[]) => boolean,
  ) => Promise<readonly z.output<S>[]>;
  /** Asks GraphQL, which REST does not replace everywhere. @throws ForgeFault as `call`. */
  readonly query: <S extends z.ZodType>(
    question: string,
    variables: Parameters,
    answer: S,
  ) => Promise<z.output<S>>;
  /** Where GitHub sends who asks for a file: an address of its storage. @throws ForgeFault */
  readonly location: (route: string, parameters: Parameters) => Promise<URL>;
};

export type ClientOptions = {
  readonly timeoutMs?: number | undefined;
  /** Seconds a rate limit may ask to wait; a longer one leaves things in the outbox. */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

const perPage = 100;
const maxPages = 1000;

/** Opens the REST API of a repository. Nothing is asked yet. */
export const openClient = (github: GithubRepository, options: ClientOptions = {}): GithubClient => {
  const octokit = connect(github, options);
  const { owner, repo } = github;
  const call: GithubClient['call'] = async (route, parameters, answer) => {
    const data = await ask(octokit, route, { owner, repo, ...parameters }, options.signal);
    const read = answer.safeParse(data);
    if (!read.success) throw foreignAnswerFault(route, read.error);
    return read.data;
  };
  return {
    call,
    query: async (question, variables, answer) => {
      const data = await askGraph(octokit, question, { owner, repo, ...variables }, options.signal);
      const read = answer.safeParse(data);
      if (read.success) return read.data;
      throw new ForgeFault('refused', 'GraphQL of GitHub does not tell it', { cause: read.error });
    },
    pages: async (route, parameters, item, enough = () => false) => {
      const all: z.output<typeof item>[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const items = await call(
          route,
          { ...parameters, per_page: perPage, page },
          item.array().max(perPage),
        );
        all.push(...items);
        if (items.length < perPage || enough(items)) return all;
      }
      throw foreignAnswerFault(route, new Error(`it has more than ${maxPages} pages`));
    },
    location: async (route, parameters) => {
      const asked = { owner, repo, ...parameters };
      const { status, headers } = await answerTo(octokit, route, asked, options.signal);
      const url = status === 302 ? URL.parse(headers.location ?? '') : null;
      if (url?.protocol === 'https:' || (url && isOnThisMachine(github))) return url;
      throw foreignAnswerFault(route, new Error('it sends to no address'));
    },
  };
};

const ask = async (
  octokit: Octokit,
  route: string,
  parameters: Parameters,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  const { data, status } = await answerTo(octokit, route, parameters, signal);
  if (status < 300) return data;
  throw movedFault(route, status);
};

const answerTo = async (
  octokit: Octokit,
  route: string,
  parameters: Parameters,
  signal: AbortSignal | undefined,
) => {
  signal?.throwIfAborted();
  // What was written may have gone through although no answer came: only questions are repeated
  // blindly, a write by the outbox, which looks first.
  const request = { ...(!route.startsWith('GET ') && { retries: 0 }), ...(signal && { signal }) };
  try {
    return await octokit.request(route, { ...parameters, request });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw faultOfRequest(route, error);
  }
};

/** An answer with errors in it is GitHub's word, and asking again would bring the same. */
const askGraph = async (
  octokit: Octokit,
  question: string,
  variables: Parameters,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  signal?.throwIfAborted();
  try {
    return await octokit.graphql(question, {
      ...variables,
      ...(signal && { request: { signal } }),
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof Error && error.name === 'GraphqlResponseError') {
      throw new ForgeFault('refused', `GraphQL of GitHub refused: ${printable(error.message)}`, {
        cause: error,
      });
    }
    throw faultOfRequest('GraphQL', error);
  }
};

const connect = (
  github: GithubRepository,
  { timeoutMs = 30_000, patience = 120 }: ClientOptions,
) => {
  const quiet = () => {};
  const again = (retryAfter: number, _: object, __: unknown, retryCount: number): boolean =>
    retryAfter <= patience && retryCount < 2;
  const Client = Octokit.plugin(retry, throttling);
  return new Client({
    ...(github.token !== undefined && { auth: github.token }),
    baseUrl: github.apiUrl,
    userAgent: 'pantheon',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    // A redirect of a write would ask for something else, and any may lead to another repository.
    request: { fetch: fetchWhole(timeoutMs), redirect: 'manual' },
    retry: {
      retries: 2,
      doNotRetry: final,
      ...(isOnThisMachine(github) && { retryAfterBaseValue: 20 }),
    },
    throttle: {
      onRateLimit: again,
      onSecondaryRateLimit: again,
      ...(isOnThisMachine(github) && unhurried),
    },
  });
};

/** The same question gets the same answer; of rate limits (429) the other plugin knows how long. */
const final = [400, 401, 403, 404, 410, 422, 429, 451];

/** A server on this machine needs none of the pauses that GitHub asks for. */
export const isOnThisMachine = ({ apiUrl }: GithubRepository): boolean => {
  const { hostname } = new URL(apiUrl);
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
};

const atOnce = {
  key: () => ({
    schedule: (_: object, task: (...parts: unknown[]) => unknown, ...parts: unknown[]) =>
      task(...parts),
  }),
};

/** In place of a second between writes, and three between those that notify people. */
const unhurried: object = { write: atOnce, notifications: atOnce };
