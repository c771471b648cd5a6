// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type ServerProcess = {
  /** Resolves when it is ready. @throws with the end of its log when it ends first or takes too long. */
  readonly start: () => Promise<void>;
  /** SIGKILL to it; resolves when all that it started is gone too. */
  readonly kill: () => Promise<void>;
};

const patienceMs = 300_000;

/** Until what a dead server left running has put its shared memory away. */
const cleaningMs = 10_000;

/** A server in a process group of its own, so that nothing of it outlives the test. */
export const serverProcess = (options: {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: string;
  readonly ready: () => Promise<boolean>;
}): ServerProcess => {
  let child: ChildProcess | undefined;
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const dying = child;
    child = undefined;
    if (dying?.pid === undefined) return;
    if (dying.exitCode === null && dying.signalCode === null) {
      const exited = once(dying, 'exit');
      dying.kill('SIGKILL');
      await exited;
    }
    signalGroup(dying.pid, 'SIGTERM');
    if (await groupEnds(dying.pid, cleaningMs)) return;
    signalGroup(dying.pid, 'SIGKILL');
    // Orphans that nobody buries count as alive for ever.
    await groupEnds(dying.pid, 1000);
  };
  /** Who asks while it is ended waits for the same end. */
  const kill = (): Promise<void> => {
    ending ??= end().finally(() => {
      ending = undefined;
    });
    return ending;
  };
  const start = async (): Promise<void> => {
    await kill();
    mkdirSync(dirname(options.log), { recursive: true });
    const log = openSync(options.log, 'a');
    const [program, ...args] = options.command;
    const started = spawn(program, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        LANG: 'C.UTF-8',
        ...options.environment,
      },
    });
    closeSync(log);
    child = started;
    let ended = false;
    started.once('error', () => {
      ended = true;
    });
    started.once('exit', () => {
      ended = true;
    });
    // Should this process be killed, bin/suites/engines ends what is listed here.
    const { PANTHEON_ENGINE_GROUPS: groups } = process.env;
    if (groups) appendFileSync(groups, `${started.pid}\n`);
    const until = performance.now() + patienceMs;
    while (!(await options.ready().catch(() => false))) {
      if (ended || performance.now() > until) {
        await kill();
        throw new Error(
          `${program} did not start:\n${readFileSync(options.log, 'utf8').slice(-4000)}`,
        );
      }
      await sleep(100);
    }
  };
  return { start, kill };
};

/** Whether all of a process group are gone within that time. */
const groupEnds = async (pid: number, withinMs: number): Promise<boolean> => {
  const until = performance.now() + withinMs;
  while (signalGroup(pid, 0)) {
    if (performance.now() > until) return false;
    await sleep(20);
  }
  return true;
};

/** Whether there was somebody to signal. */
const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
};

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

export type SocketServer = ServerProcess & { readonly socket: string };

/** A server on `socket` that says at `/health` when it is ready. */
export const socketServer = (
  socket: string,
  options: Omit<Parameters<typeof serverProcess>[0], 'ready'>,
): SocketServer => {
  const server = serverProcess({ ...options, ready: () => answers(socket, '/health') });
  const start = async (): Promise<void> => {
    // What was killed leaves its socket, and vLLM does not bind over it.
    rmSync(socket, { force: true });
    await server.start();
  };
  return { ...server, start, socket };
};

const answers = (socketPath: string, path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
