// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/*
 * `npm ci` puts a trivial package in place of node-llama-cpp's parts for GPUs (`overrides` in
 * package.json): they are 600 MB that most machines never load. What is fetched here is held to a
 * sha512 that stands in this file, whatever the registry says.
 */

/** The version of node-llama-cpp that the digests below belong to; package.json pins the same. */
export const version = '3.22.1';

export const parts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cuda: {
    'linux-x64-cuda':
      '8rQCjyNNLZJUFit+YpjwlC4hwkKgOMIkB2wuycKBf8NU2O3ySKbiWZQ8aw9ku2nUTXjSnUIrE6KB88itduTBuA==',
    'linux-x64-cuda-ext':
      '4e5ajkiM2aR2WAdB/N/ACk4weEhHvOAIrzxZPsIX0xDFW5+6hhShuy1/vs88SK9NGdgAco9IyE28eYS0H1efpA==',
  },
  vulkan: {
    'linux-x64-vulkan':
      'bBxqU+JOcBu1nb5Qj2zcMci+JByT1E8EajHvYodyNfVIPkEhXh+/HMwR1/BT7xP08YK0hks+kM8fglER0P8JEg==',
  },
};

/** Which kind this machine has use for, by the driver's own files. */
const detect = (): string => (existsSync('/proc/driver/nvidia/version') ? 'cuda' : 'vulkan');

/**
 * Fetches one part and puts it in the place of its stand-in below `modules`; `sha512` is in base 64.
 * @throws Error when npm fails or the bytes are others; the stand-in is then untouched.
 */
export const addPart = async (
  modules: string,
  name: string,
  sha512: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> => {
  const folder = join(modules, '@node-llama-cpp');
  await mkdir(folder, { recursive: true });
  // Beside its place, so that a rename moves it there.
  const work = await mkdtemp(join(folder, '.adding-'));
  try {
    const asked = ['pack', `@node-llama-cpp/${name}@${version}`, '--json', '--pack-destination'];
    const { stdout } = await run('npm', [...asked, work], { env: environment });
    const archive = join(work, archiveIn(JSON.parse(stdout)));
    const hash = createHash('sha512');
    await pipeline(createReadStream(archive), hash);
    const actual = hash.digest('base64');
    if (actual !== sha512) {
      throw new Error(
        `@node-llama-cpp/${name}@${version}: its sha512 is ${actual}, not ${sha512}; nothing was changed`,
      );
    }
    const unpacked = join(work, 'package');
    await mkdir(unpacked);
    const into = ['-C', unpacked, '--strip-components=1', '--no-same-owner'];
    await run('tar', ['-xzf', archive, ...into]);
    const manifest: unknown = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8'));
    const place = join(folder, name);
    await rename(place, join(work, 'stand-in')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(unpacked, place);
    return `${Reflect.get(Object(manifest), 'name')}@${Reflect.get(Object(manifest), 'version')}`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/** The file's name in what `npm pack --json` prints; npm replaces the scope's marks in it. */
const archiveIn = (said: unknown): string => {
  const [first] = Array.isArray(said) ? said : Object.values(Object(said));
  const name: unknown = Reflect.get(Object(first), 'filename');
  if (typeof name !== 'string') throw new Error('npm pack did not say what it wrote');
  return name.replace(/^@/, '').replaceAll('/', '-');
};

const main = async (): Promise<void> => {
  const [kind = detect()] = process.argv.slice(2);
  const chosen = Object.hasOwn(parts, kind) ? parts[kind] : undefined;
  if (!chosen) throw new Error(`there is no part "${kind}"; there are cuda and vulkan`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'there are parts for Linux on x64 only; other machines use what npm ci installed',
    );
  }
  const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
  for (const [name, sha512] of Object.entries(chosen)) {
    console.log(`Fetching @node-llama-cpp/${name}@${version}`);
    console.log(`Added ${await addPart(modules, name, sha512)}`);
  }
};

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(`bin/add-gpu-parts: ${error.message}`);
    process.exitCode = 2;
  });
}
