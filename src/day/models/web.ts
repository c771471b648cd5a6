// SPDX-License-Identifier: GPL-3.0-only
import type { Dispatcher } from 'undici';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { isLoopbackHttp, webUrl } from './source.ts';

/** The web by day: https, redirects followed by hand, time bounded wherever nothing comes. */
export type Web = {
  /** One request, whatever its answer. @throws WebFault when there is none. */
  readonly ask: (url: URL, options: AskOptions) => Promise<WebAnswer>;
  readonly get: (url: string, options: GetOptions) => Promise<WebAnswer>;
  /** At most `maxJsonBytes` of JSON. */
  readonly json: (url: string, options: GetOptions) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

export type GetOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

type AskOptions = GetOptions & { readonly method?: 'GET' | 'POST'; readonly body?: string };

export type WebAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Dispatcher.ResponseData['body'];
};

/** It failed now and may work in a moment. */
export class WebFault extends Error {
  override readonly name = 'WebFault';
}

export type WebSettings = {
  /** Sent to the origin of this address and to no other. */
  readonly token?: { readonly origin: string; readonly value: string } | undefined;
  /** Longest time without a byte [ms]. */
  readonly idleTimeoutMs?: number;
};

const maxRedirects = 8;
const maxJsonBytes = 32 * 1024 * 1024;

/** Opens nothing until something is asked. The proxy of the environment serves, but not for loopback. */
export const openWeb = async ({
  token,
  idleTimeoutMs = 60_000,
}: WebSettings = {}): Promise<Web> => {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const times = {
    connect: { timeout: 20_000 },
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  };
  const direct = new Agent(times);
  const outward = new EnvHttpProxyAgent(times);

  const ask: Web['ask'] = async (url, { headers, signal, method = 'GET', body = null }) => {
    const sent = { ...headers, 'accept-encoding': 'identity', 'user-agent': 'pantheon' };
    const to = { origin: url.origin, path: url.pathname + url.search };
    try {
      const dispatcher = isLoopbackHttp(url) ? direct : outward;
      const answer = await dispatcher.request({ ...to, method, body, headers: sent, signal });
      // Read or not, what goes wrong with it later is told to its reader or to nobody.
      answer.body.on('error', () => {});
      const lines = Object.entries(answer.headers);
      const single = lines.map(([name, value]) => [name, [value].flat().join(', ')]);
      const { statusCode: status } = answer;
      return { status, headers: Object.fromEntries(single), body: answer.body };
    } catch (error) {
      throw webFault(error, url, signal);
    }
  };
  const get: Web['get'] = async (start, { headers = {}, signal }) => {
    const first = webUrl(start, printable(start));
    let url = first;
    for (let step = 0; step <= maxRedirects; step += 1) {
      const authorization = token &&
        url.origin === token.origin && { authorization: `Bearer ${token.value}` };
      const answer = await ask(url, { headers: { ...headers, ...authorization }, signal });
      if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
      await answer.body.dump().catch(() => {});
      url = redirected(answer.headers.location, url, first);
    }
    throw new UserError(
      `${first.host}: redirects more than ${maxRedirects} times; try again later`,
    );
  };
  return {
    ask,
    get,
    json: async (url, options) => {
      const answer = await get(url, options);
      const { host } = new URL(url);
      if (answer.status !== 200) {
        answer.body.destroy();
        throw webRefusal(answer.status, new URL(url));
      }
      const text = await readText(answer, new URL(url), maxJsonBytes, options.signal);
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new UserError(
          `${host}: answers with something else than JSON; it is not a hub in the usual form`,
          { cause },
        );
      }
    },
    close: async () => {
      await Promise.all([direct.destroy(), outward.destroy()]);
    },
  };
};

/** The whole body of an answer. @throws UserError when it is longer than `most` bytes. */
export const readText = async (
  { body }: WebAnswer,
  url: URL,
  most: number,
  signal: AbortSignal,
): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > most) throw new UserError(`${url.host}: sends more than ${most} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw webFault(error, url, signal);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Only https, or from loopback to loopback: a redirect must not lead to where others listen in. */
const redirected = (location: string | undefined, from: URL, first: URL): URL => {
  const to = location === undefined ? null : URL.parse(location, from.href);
  const shown = printable(location ?? 'nowhere').slice(0, 200);
  if (to?.username !== '' || to.password !== '') {
    throw new UserError(`${from.host}: redirects to ${shown}, which is not a URL; try again later`);
  }
  if (to.protocol === 'https:' || (isLoopbackHttp(first) && isLoopbackHttp(to))) return to;
  throw new UserError(
    `${from.host}: redirects to ${shown}, which is not https; that is refused, use another source`,
  );
};

/** What an answer that brings nothing means for a person. */
export const webRefusal = (status: number, { host, pathname }: URL): Error => {
  const where = `${host}: ${printable(pathname).slice(0, 200)}`;
  if (status === 401 || status === 403) {
    return new UserError(
      `${where}: is refused (HTTP ${status}): it does not exist, or needs an account; accept its terms there and set HF_TOKEN`,
    );
  }
  if (status === 404 || status === 410) {
    return new UserError(
      `${where}: does not exist (HTTP ${status}); check the name and the revision`,
    );
  }
  if (status === 408 || status === 429 || status >= 500) {
    return new WebFault(`${where}: is not served for now (HTTP ${status})`);
  }
  return new UserError(`${where}: answers HTTP ${status}; check the address`);
};

/** What broke on the way, as something to try again; the signal's reason when it was aborted. */
export const webFault = (
  error: unknown,
  { host }: { host: string },
  signal: AbortSignal,
): unknown => {
  if (signal.aborted) return signal.reason;
  if (error instanceof WebFault || error instanceof UserError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const words = code ?? printable(String(error)).slice(0, 200);
  return Object.assign(new WebFault(`${host}: the connection failed (${words})`), { cause: error });
};
