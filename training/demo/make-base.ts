// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { base, type DemoPlace } from './place.ts';

const run = promisify(execFile);
const beside = (name: string): string => join(import.meta.dirname, '..', name);

/** A model of 0.3 M parameters that has learned how an answer is written, of answers by chance. */
export const makeBase = async ({ folder, models }: DemoPlace, python: string): Promise<void> => {
  const env = { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };
  const rows = join(folder, 'rows-by-chance');
  const made = join(models, base.trained);
  await run(process.execPath, [
    ...[beside('make-rows.ts'), '--out', rows, '--notes', '1200', '--seed', '99'],
    ...['--answers', 'chance'],
  ]);
  const shape = { vocabulary: 1024, hidden: 96, inner: 256, layers: 2, heads: 3 };
  await run(
    python,
    [
      ...[beside('train_specialist.py'), '--rows', rows, '--out', made],
      ...['--steps', '250', '--minutes', '30', '--every', '1000'],
      ...Object.entries(shape).flatMap(([name, size]) => [`--${name}`, `${size}`]),
    ],
    { env },
  );
  await run(python, [beside('write_gguf.py'), made, join(models, base.gguf)], { env });
};
