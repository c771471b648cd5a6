// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { printable } from '../../data/printable.ts';
import { type FaultKind, ForgeFault } from '../forge-fault.ts';

const errorSchema = z.object({
  message: z.string(),
  status: z.number().optional().catch(undefined),
  response: z
    .object({
      headers: z.record(z.string(), z.unknown()).catch({}),
      data: z.unknown(),
    })
    .optional()
    .catch(undefined),
});

/** What went wrong with a request, as what it means for the one who asked. */
export const faultOfRequest = (route: string, error: unknown): ForgeFault => {
  const read = errorSchema.safeParse(error);
  if (!read.success) return new ForgeFault('unreachable', 'GitHub failed', { cause: error });
  const { message, status, response } = read.data;
  const words = cut(message);
  if (!response || status === undefined) {
    return new ForgeFault('unreachable', `GitHub cannot be reached: ${words}`, { cause: error });
  }
  const limited = isLimited(status, words, response.headers);
  const kind = kindOf(status, limited, words);
  const advice = adviceOf(status, limited, response.headers);
  return new ForgeFault(kind, `GitHub answered ${status} to ${route}: ${words}${advice}`, {
    status,
    cause: error,
  });
};

/** An answer that sends elsewhere: what is there belongs to another repository, or to none yet. */
export const movedFault = (route: string, status: number): ForgeFault =>
  new ForgeFault(
    'denied',
    `GitHub answered ${status} to ${route}: it was moved; if the repository has a new name, set GITHUB_REPOSITORY or the remote "origin" to it`,
    { status },
  );

/** An answer that is not what GitHub gives: a proxy's page, or one that broke off. */
export const foreignAnswerFault = (route: string, cause: unknown): ForgeFault =>
  new ForgeFault('unreachable', `the server that answered ${route} is not GitHub's API`, { cause });

const kindOf = (status: number, limited: boolean, words: string): FaultKind => {
  if (limited || status >= 500 || passing.has(status)) return 'unreachable';
  // A conversation that was locked: other writes go through.
  if (status === 403 && /\bis locked\b/i.test(words)) return 'refused';
  if (status === 401 || status === 403 || status === 404 || status === 407) return 'denied';
  return 'refused';
};

/** Request timeout, conflict, too early, too many requests. */
const passing = new Set([408, 409, 425, 429]);

/** GitHub's words for the limit on what is written: github.com/cli/cli/issues/4801 */
const isLimited = (
  status: number,
  words: string,
  headers: Readonly<Record<string, unknown>>,
): boolean =>
  /\brate limit\b/i.test(words) ||
  (status === 422 && /\bsubmitted too quickly\b/i.test(words)) ||
  headers['x-ratelimit-remaining'] === '0' ||
  'retry-after' in headers;

const adviceOf = (
  status: number,
  limited: boolean,
  headers: Readonly<Record<string, unknown>>,
): string => {
  if (limited) return '';
  if (status === 401) return '; the token is not valid: set PANTHEON_GITHUB_TOKEN again';
  if (status === 403) {
    const wanted = headers['x-accepted-github-permissions'];
    const which = typeof wanted === 'string' ? ` (${cut(wanted)})` : '';
    return `; the token lacks a permission${which}`;
  }
  if (status === 404) return '; check the name of the repository and what the token may see';
  return '';
};

const cut = (text: string): string => {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
};
