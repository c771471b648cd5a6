// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type PatchView } from '../../src/chore/patch.ts';

export type FormatArgs = {
  readonly files?: readonly string[];
  /** Imports and re-exports are sorted, and all else is left; default all. */
  readonly part?: 'all' | 'imports';
};

/** Whether a file is of a kind that Biome formats; or, of imports alone, one that may have some. */
export const isMeant = (part: FormatArgs['part']): ((path: string) => boolean) =>
  part === 'imports' ? isScript : isFormatted;

const isFormatted = (path: string): boolean => /\.(?:[cm]?[jt]sx?|jsonc?|css)$/i.test(path);

/** Whether it is a script, and no other of those kinds. */
export const isScript = (path: string): boolean => /\.[cm]?[jt]sx?$/i.test(path);

/** Whether a file is to be formatted whole, so that sorted imports are part of it. */
export const isWhollyAsked = ({ asked }: PatchView, path: string): boolean =>
  asked.some(
    ({ chore, args }) =>
      chore === 'format' &&
      args.part !== 'imports' &&
      coveredBy(args.files as FormatArgs['files'])(path),
  );
