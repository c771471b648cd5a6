// SPDX-License-Identifier: GPL-3.0-only
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../data/user-error.ts';

/*
 * A lock is a folder in which every contender first puts a claim under a name of its own and then
 * looks for others: of two, the later to look sees the earlier one's claim. A claim is only ever
 * removed by its process or after that process is dead, so two that recover the same stale lock
 * cannot take a living one away, as they could with a single file.
 */

const claimSchema = z.strictObject({
  pid: z.int().positive(),
  /** Clock ticks since boot at which the process started: tells a recycled pid from the holder. */
  start: z.string(),
  host: z.string(),
  boot: z.string(),
  pidNamespace: z.string(),
  since: z.iso.datetime(),
  purpose: z.string(),
});

type Claim = Readonly<z.output<typeof claimSchema>>;

const mostAttempts = 5;

/**
 * Takes the lock that is the folder `path` and returns what gives it back; a dead holder's claim is
 * cleared away. `purpose` tells a person who waits what the holder does.
 * @throws UserError naming the living holder.
 */
export const acquireLock = async (path: string, purpose: string): Promise<() => void> => {
  mkdirSync(path, { recursive: true });
  const mine = ownClaim(purpose);
  const file = join(path, `${mine.pid}-${randomBytes(6).toString('hex')}.json`);
  const release = (): void => rmSync(file, { force: true });
  for (let attempt = 1; ; attempt += 1) {
    putClaim(file, mine);
    let rival: string | undefined;
    try {
      rival = livingRival(path, file, mine);
    } catch (error) {
      release();
      throw error;
    }
    if (rival === undefined) return release;
    release();
    if (attempt === mostAttempts) throw new UserError(rival, { place: { file: path } });
    // Two that claimed at the same moment both step back; chance decides who is first next time.
    await sleep(5 + Math.random() * 10 * attempt);
  }
};

/** Says who holds the lock that is the folder `path`; nothing when nobody does. */
export const lockHolder = (path: string): string | undefined =>
  existsSync(path) ? livingRival(path, '', ownClaim('')) : undefined;

/** The claim appears whole or not at all, whatever happens while it is written. */
const putClaim = (file: string, claim: Claim): void => {
  const draft = `${file}.draft`;
  const fd = openSync(draft, 'wx', 0o644);
  try {
    writeSync(fd, `${JSON.stringify(claim, null, 2)}\n`);
    fsyncSync(fd);
    linkSync(draft, file);
  } finally {
    closeSync(fd);
    rmSync(draft, { force: true });
  }
};

/** Says who else holds or claims the lock, clearing away the claims of the dead. */
const livingRival = (path: string, ownFile: string, mine: Claim): string | undefined => {
  for (const name of readdirSync(path)) {
    const file = join(path, name);
    if (file === ownFile || !name.endsWith('.json')) continue;
    const claim = readClaim(file);
    if (!claim) continue;
    const state = stateOf(claim, mine);
    if (state === 'dead') rmSync(file, { force: true });
    else if (state === 'alive') {
      return `process ${claim.pid} has been working here since ${claim.since} (${claim.purpose}). Wait for it or stop it`;
    } else {
      return `process ${claim.pid} on ${claim.host} took this lock at ${claim.since} (${claim.purpose}) and cannot be seen from here. Delete ${file} if the process is gone`;
    }
  }
  return undefined;
};

const readClaim = (file: string): Claim | undefined => {
  try {
    return claimSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    // Given back since the folder was listed.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError('is not a claim to a lock. Delete it if no night is running', {
      place: { file },
      cause,
    });
  }
};

const stateOf = (claim: Claim, mine: Claim): 'alive' | 'dead' | 'unknown' => {
  if (claim.host !== mine.host) return 'unknown';
  if (claim.boot !== mine.boot) return 'dead';
  if (claim.pidNamespace !== mine.pidNamespace) return 'unknown';
  return startOf(claim.pid) === claim.start ? 'alive' : 'dead';
};

const ownClaim = (purpose: string): Claim => ({
  pid: process.pid,
  start: startOf(process.pid) ?? '',
  host: hostname(),
  boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  pidNamespace: readlinkSync('/proc/self/ns/pid'),
  since: new Date().toISOString(),
  purpose,
});

/** Start time of a living process from `/proc/<pid>/stat` (proc_pid_stat(5)), none when it is dead. */
const startOf = (pid: number): string | undefined => {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field, the command in brackets, may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? undefined : start;
};
