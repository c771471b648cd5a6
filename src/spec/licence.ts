// SPDX-License-Identifier: GPL-3.0-only

/*
 * Licence names as people write them. A family (`GPL`) is met by any of its members; ids are from
 * https://spdx.org/licenses/ and the deprecated `GPL-3.0` counts as its family's member.
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
  [/^(?:gpl|agpl|lgpl)-\d\.\d-(?:only|or-later)$/iu, ''],
  [/^mit$/iu, 'MIT'],
  [/^isc$/iu, 'ISC'],
  [/^apache(?:[ -](?:licen[cs]e )?v?2(?:\.0)?)?$/iu, 'Apache-2.0'],
  [/^mpl(?:[ -]?2(?:\.0)?)?$/iu, 'MPL-2.0'],
  [/^bsd-([23])-clause$/iu, ''],
];

const families: Readonly<Record<string, string>> = {
  GPL: 'GPL-3.0-only',
  AGPL: 'AGPL-3.0-only',
  LGPL: 'LGPL-3.0-only',
};

const titles: Readonly<Record<string, RegExp>> = {
  GPL: /(?<!Lesser |Affero )General Public License/iu,
  AGPL: /Affero General Public License/iu,
  LGPL: /Lesser General Public License/iu,
};

/** SPDX id or family (`GPL`) of a licence as people name it; `undefined` for other words. */
export const readLicence = (name: string): string | undefined => {
  const entry = spoken.find(([pattern]) => pattern.test(name.trim()));
  return entry && (entry[1] || name.trim().replace(/^[a-z]+|clause/giu, spdxCase));
};

const spdxCase = (part: string): string =>
  part.toLowerCase() === 'clause' ? 'Clause' : part.toUpperCase();

/** The one-line header for an SPDX id or family, without comment marks. */
export const licenceHeader = (licence: string): string =>
  `SPDX-License-Identifier: ${families[licence] ?? licence}`;

/** Whether a text names the licence: by SPDX line, or for the GNU ones by their full name. */
export const namesLicence = (text: string, licence: string): boolean => {
  const family = licence.split('-')[0] ?? licence;
  const named = [...text.matchAll(/SPDX-License-Identifier:\s*([\w.+-]+)/gu)].map(([, id]) => id);
  if (licence in families) {
    return named.some((id) => id?.split('-')[0] === family) || Boolean(titles[family]?.test(text));
  }
  if (named.length > 0) return named.includes(licence);
  const version = /-(\d)\./u.exec(licence)?.[1];
  const edition = new RegExp(`version ${version}`, 'iu');
  return Boolean(titles[family]?.test(text)) && edition.test(text);
};
