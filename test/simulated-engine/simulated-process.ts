// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { putTo } from './forms.ts';
import type { SimulatedSettings } from './settings.ts';
import type { Service } from './simulation.ts';

export type SimulatedProcess = {
  readonly services: () => Promise<readonly Service[]>;
  readonly stop: () => Promise<void>;
};

/** Starts a simulated engine in another process; it ends with this one. @throws when it does not start. */
export const startSimulatedProcess = async (
  socket: string,
  settings: Partial<Omit<SimulatedSettings, 'answer'>> & { readonly answers?: string },
): Promise<SimulatedProcess> => {
  const script = join(import.meta.dirname, 'serve.ts');
  const child = spawn(process.execPath, [script, JSON.stringify({ ...settings, socket })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const ready = once(createInterface(child.stdout), 'line').then(() => true);
  if (!(await Promise.race([ready, ended.then(() => false)]))) {
    throw new Error('the simulated engine did not start');
  }
  return {
    services: async () =>
      JSON.parse((await putTo(socket, { method: 'GET', path: '/simulated' })).body),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
};
