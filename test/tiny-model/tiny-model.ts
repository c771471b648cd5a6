// SPDX-License-Identifier: GPL-3.0-only
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/data/digest.ts';
import { adapterFiles, adapterGguf, makeAdapter } from './adapter.ts';
import { ggufFile, hfFiles } from './base-model.ts';
import { readVocabulary } from './vocabulary.ts';
import { makeWeights } from './weights.ts';

/** Where `writeTinyModel` puts things. */
export type TinyModel = {
  readonly gguf: string;
  /** The same model without a chat template. */
  readonly bare: string;
  readonly hf: string;
  readonly adapter: string;
  readonly hfAdapter: string;
  /** Adapters for a base of another width. */
  readonly otherAdapter: string;
  readonly hfOtherAdapter: string;
};

/** The paths of a model written into `folder`. */
export const tinyModelIn = (folder: string): TinyModel => ({
  gguf: join(folder, 'tiny.gguf'),
  bare: join(folder, 'bare.gguf'),
  hf: join(folder, 'hf'),
  adapter: join(folder, 'adapter.gguf'),
  hfAdapter: join(folder, 'hf-adapter'),
  otherAdapter: join(folder, 'other-adapter.gguf'),
  hfOtherAdapter: join(folder, 'hf-other-adapter'),
});

/**
 * Writes a model of 3.8 million parameters in the forms that engines read, and adapters for it:
 * enough to try the plumbing, never to show quality. Always the same bytes.
 */
export const writeTinyModel = (folder: string): TinyModel => {
  const paths = tinyModelIn(folder);
  const vocabulary = readVocabulary();
  const weights = makeWeights(vocabulary);
  const adapter = makeAdapter(2);
  const other = makeAdapter(3, 256);
  mkdirSync(folder, { recursive: true });
  writeFileSync(paths.gguf, ggufFile(vocabulary, weights));
  writeFileSync(paths.bare, ggufFile(vocabulary, weights, { template: false }));
  writeFileSync(paths.adapter, adapterGguf(adapter));
  writeFileSync(paths.otherAdapter, adapterGguf(other));
  writeFolder(paths.hf, hfFiles(vocabulary, weights));
  writeFolder(paths.hfAdapter, adapterFiles(adapter, paths.hf));
  writeFolder(paths.hfOtherAdapter, adapterFiles(other, 'another'));
  return paths;
};

/** The model as it was written before by the same code; tests read it and leave it as it is. */
export const cachedTinyModel = (): TinyModel => {
  const code = globSync('*.{ts,txt}', { cwd: import.meta.dirname }).sort();
  const texts = code.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const cache = join(import.meta.dirname, '../../node_modules/.cache/tiny-model');
  const folder = join(cache, sha256(texts.join()).slice(0, 16));
  if (!existsSync(folder)) {
    // Whoever is first is taken; the others have made the same.
    const fresh = `${folder}.${process.pid}`;
    writeTinyModel(fresh);
    try {
      renameSync(fresh, folder);
    } catch {
      rmSync(fresh, { recursive: true });
    }
  }
  return tinyModelIn(folder);
};

const writeFolder = (folder: string, files: Readonly<Record<string, string | Buffer>>): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
};
