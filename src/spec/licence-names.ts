// SPDX-License-Identifier: GPL-3.0-only
import { readExpression } from './spdx.ts';

/*
 * Licence names as people write them. A family (`GPL`) is met by any of its members; ids and
 * expressions are those of https://spdx.org/licenses/.
 */

const spoken: readonly (readonly [RegExp, string])[] = [
  [/^(?:gnu )?(affero gpl|agpl)$/iu, 'AGPL'],
  [/^(?:gnu )?(lesser gpl|lgpl)$/iu, 'LGPL'],
  [/^(?:gnu )?(?:gpl|general public licen[cs]e)$/iu, 'GPL'],
  [
    /^(?:gnu )?(?:gpl|general public licen[cs]e)[ -]?v?(?:ersion )?3(?:\.0)?(?:-only)?$/iu,
    'GPL-3.0-only',
  ],
  [
    /^(?:gnu )?(?:gpl|general public licen[cs]e)[ -]?v?(?:ersion )?2(?:\.0)?(?:-only)?$/iu,
    'GPL-2.0-only',
  ],
  [/^agpl[ -]?v?3(?:\.0)?(?:-only)?$/iu, 'AGPL-3.0-only'],
  [/^lgpl[ -]?v?3(?:\.0)?(?:-only)?$/iu, 'LGPL-3.0-only'],
  [/^apache(?:[ -](?:licen[cs]e )?v?2(?:\.0)?)?$/iu, 'Apache-2.0'],
  [/^mit$/iu, 'MIT'],
  [/^isc$/iu, 'ISC'],
  [/^mpl(?:[ -]?2(?:\.0)?)?$/iu, 'MPL-2.0'],
];

/** SPDX id, expression or family (`GPL`) of a licence as people name it; `undefined` for other words. */
export const readLicence = (name: string): string | undefined => {
  const text = name.trim();
  const entry = spoken.find(([pattern]) => pattern.test(text));
  const expression = readExpression(text);
  // Some ids are words of every day: `Fair`, `Glide`, `Jam`.
  const isPlain = /\d/u.test(text) || expression === text;
  return entry?.[1] ?? (isPlain ? expression : undefined);
};
