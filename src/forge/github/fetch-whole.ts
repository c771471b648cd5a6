// SPDX-License-Identifier: GPL-3.0-only

type Fetch = (
  input: Parameters<typeof globalThis.fetch>[0],
  init?: RequestInit,
) => Promise<Response>;

const maxAnswerBytes = 32 * 1024 * 1024;

/** A body may not come with these (Fetch Standard, "null body status"). */
const withoutBody = new Set([101, 103, 204, 205, 304]);

/**
 * `fetch` that answers only once the whole body is there: within `timeoutMs`, and no larger than
 * 32 MiB. Octokit takes a body that broke off for a text, with the status of a success.
 */
export const fetchWhole =
  (timeoutMs: number): Fetch =>
  async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const fetchHere = await chooseFetch();
    const answer = await fetchHere(input, { ...init, signal });
    const body = await readBounded(answer);
    const { status, statusText, headers } = answer;
    return new Response(withoutBody.has(status) ? null : body, { status, statusText, headers });
  };

/** Node's own fetch knows no proxy; where one is named, undici's agent for it is used. */
export const chooseFetch = async (): Promise<Fetch> => {
  const { https_proxy, HTTPS_PROXY, http_proxy, HTTP_PROXY } = process.env;
  if (!(https_proxy || HTTPS_PROXY || http_proxy || HTTP_PROXY)) return globalThis.fetch;
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  proxy ??= new EnvHttpProxyAgent();
  const dispatcher = proxy as InstanceType<typeof EnvHttpProxyAgent>;
  const through = (url: string, init: object) => fetch(url, { ...init, dispatcher });
  return through as unknown as Fetch;
};

let proxy: unknown;

const readBounded = async (answer: Response): Promise<Uint8Array<ArrayBuffer>> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > maxAnswerBytes) throw new Error(`the answer is larger than ${maxAnswerBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
};
