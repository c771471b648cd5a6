// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Summary, summarySchema } from '../../src/morning/summary.ts';
import type { ModelHouse } from './house.ts';

const command = join(import.meta.dirname, '..', '..', 'bin', 'pantheon');

export type WorkedNight = {
  readonly summary: Summary;
  /** The night's folder. */
  readonly folder: string;
  readonly seconds: number;
  /** From the first word of an exam to the last exam's end. */
  readonly examSeconds: number;
  readonly said: readonly string[];
};

/**
 * Works a night through the real command, which is ended when `limitMs` have passed.
 * @throws Error with what it said when it does not end by itself with a summary.
 */
export const workModelNight = async (
  { repository, specs }: ModelHouse,
  limitMs: number,
  tell: (line: string) => void,
): Promise<WorkedNight> => {
  const began = performance.now();
  const child = spawn(command, ['night', '--repo', repository, '--specs', specs], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  child.stdout.resume();
  const said: string[] = [];
  let exams: { readonly from: number; to: number } | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    const now = performance.now();
    if (/^Examining /.test(line)) exams ??= { from: now, to: now };
    if (exams && /judged\.$|no vote/.test(line)) exams.to = now;
    said.push(line);
    tell(`${Math.round((now - began) / 1000)} s: ${line}`);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, limitMs);
  const code = await ended;
  clearTimeout(timer);
  if (late || code !== 0) {
    const why = late ? `was not over after ${limitMs / 60_000} minutes` : `ended with ${code}`;
    throw new Error(`the night ${why}: ${said.slice(-5).join(' | ')}`);
  }
  const traces = join(repository, '..', 'traces');
  const [night = ''] = await readdir(traces);
  const folder = join(traces, night);
  const text = await readFile(join(folder, 'summary.json'), 'utf8');
  return {
    summary: summarySchema.parse(JSON.parse(text)),
    folder,
    seconds: (performance.now() - began) / 1000,
    examSeconds: exams ? (exams.to - exams.from) / 1000 : 0,
    said,
  };
};
