// SPDX-License-Identifier: GPL-3.0-only
import type { SpecFile } from '../../src/spec/schema.ts';

type Asked = readonly string[] | Partial<SpecFile>;
type Files = Readonly<Record<string, string>>;

export type OneFile = readonly [asked: Asked, path: string, before: string, after: string];

/** Rows about one file each, as the reviewers' macros take them. */
export const oneFileEach = (
  rows: Readonly<Record<string, OneFile>>,
): Record<string, [Partial<SpecFile>, Files, Files]> =>
  Object.fromEntries(
    Object.entries(rows).map(([title, [asked, path, before, after]]) => [
      title,
      [
        'length' in asked ? { acceptance: [...(asked as readonly string[])] } : asked,
        { [path]: before },
        before === after ? {} : { [path]: after },
      ],
    ]),
  );
