// SPDX-License-Identifier: GPL-3.0-only
import { totalDigest } from './model-digest.ts';
import type { ModelFile, ModelPin } from './models-lock.ts';

/** How a model's files differ from their pin, the first difference in words; nothing when they do not. */
export const differenceFrom = (pin: ModelPin, files: readonly ModelFile[]): string | undefined => {
  const actual = totalDigest(files);
  if (pin.digest === actual) return undefined;
  return inFiles(pin.files ?? [], files) ?? `expected sha256 ${pin.digest}, found ${actual}`;
};

const inFiles = (pinned: readonly ModelFile[], files: readonly ModelFile[]): string | undefined => {
  if (pinned.length === 0) return undefined;
  const there = new Map(files.map((file) => [file.path, file]));
  for (const { path, sha256, size } of pinned) {
    const file = there.get(path);
    if (!file) return `${path} is missing`;
    if (file.size !== size) return `${path}: expected ${size} bytes, found ${file.size}`;
    if (file.sha256 !== sha256) return `${path}: expected sha256 ${sha256}, found ${file.sha256}`;
  }
  const names = new Set(pinned.map(({ path }) => path));
  const more = files.find(({ path }) => !names.has(path));
  return more && `${more.path} is there and is not pinned`;
};
