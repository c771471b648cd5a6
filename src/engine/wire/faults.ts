// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { BusyFault, EngineFault } from '../contract/engine.ts';

/** The endpoint is not on this machine, or cannot be shown to be: nothing was sent. */
export class NotLocalFault extends EngineFault {
  override readonly name = 'NotLocalFault';
}

/** Nothing answers at the endpoint: it may come back. */
export class UnreachableFault extends EngineFault {
  override readonly name = 'UnreachableFault';
}

/** How long a server may ask to be left alone [ms]. */
const maxRetryAfterMs = 300_000;

/** What to do about a server that is none of an engine. */
export const anotherKind =
  'another kind of server listens there; correct the address, or the engine of this profile';

/** What to do about a server that is the right one and does something wrong. */
export const seeItsLog = 'look at the log of the server';

const unreachable: Readonly<Record<string, string>> = {
  ENOENT: 'nothing listens there, the file is not there; start the server or correct the path',
  ENOTDIR: 'nothing listens there, a folder of the path is a file; correct the path',
  ECONNREFUSED: 'nothing listens there; start the server or correct the address',
  EACCES: 'this user may not connect; give it write access to the socket and its folder',
  EPERM: 'this user may not connect; give it write access to the socket and its folder',
  ETIMEDOUT: 'does not take the connection; look at the server, its backlog is full or it hangs',
  EAGAIN: 'takes no more connections; lower "slots" or raise the backlog of the server',
  ELOOP: 'its links lead in a circle; correct the path',
};

const broken: Readonly<Record<string, string>> = {
  ECONNRESET: `broke the connection off; ${seeItsLog}`,
  EPIPE: `broke the connection off; ${seeItsLog}`,
  UND_ERR_SOCKET: `broke the connection off; ${seeItsLog}`,
  UND_ERR_HEADERS_OVERFLOW: `sends more headers than an engine would; ${anotherKind}`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: `sent less than it announced; ${seeItsLog}`,
  UND_ERR_DESTROYED: 'was closed on this side while it answered',
  UND_ERR_CLOSED: 'was closed on this side',
  ERR_ENCODING_INVALID_ENCODED_DATA: `sent bytes that are not text; ${anotherKind}`,
};

/** What went wrong on the way, as a fault that names the setting and the next step. */
export const connectionFault = (error: unknown, label: string): EngineFault => {
  if (error instanceof EngineFault) return error;
  const code = codeOf(error);
  const gone = code === undefined ? undefined : unreachable[code];
  if (gone) return caused(new UnreachableFault(`${label} ${gone}`), error);
  if (error instanceof Error && error.name === 'HTTPParserError') {
    // The parser tells an answer that ended early by these words alone.
    const fault = error.message.includes('Invalid EOF state')
      ? `${label} broke its answer off in the middle; ${seeItsLog}`
      : `${label} does not speak HTTP; ${anotherKind}`;
    return caused(new EngineFault(fault), error);
  }
  const explained = code === undefined ? undefined : broken[code];
  const said = explained ?? `failed: ${printable(String(error)).slice(0, 300)}; ${seeItsLog}`;
  return caused(new EngineFault(`${label} ${said}`), error);
};

const caused = <Fault extends EngineFault>(fault: Fault, cause: unknown): Fault =>
  Object.assign(fault, { cause });

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
};

/** Of a server that takes no more for now: 429 and 503, with what it says of when. */
export const busyFault = (
  status: number,
  retryAfter: string | undefined,
  label: string,
  now = Date.now(),
): BusyFault =>
  new BusyFault(
    `${label} takes no more for now (HTTP ${status}); lower "slots" if this lasts`,
    retryAfterMs(retryAfter, now),
  );

/** Seconds or a date (RFC 9110 10.2.3), as milliseconds from now, at most five minutes. */
export const retryAfterMs = (value: string | undefined, now: number): number | undefined => {
  if (value === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(value)
    ? Number(value) * 1000
    : // Date.parse alone would read "-5" as a month.
      Date.parse(/^[A-Z][a-z]+, /.test(value) ? value : '') - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), maxRetryAfterMs);
};
