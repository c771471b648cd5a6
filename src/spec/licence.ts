// SPDX-License-Identifier: GPL-3.0-only
import { readLicence } from './licence-names.ts';
import { licencesIn } from './licence-words.ts';
import { nearestId, readExpression, sameExpression } from './spdx.ts';

const families: Readonly<Record<string, string>> = {
  GPL: 'GPL-3.0-only',
  AGPL: 'AGPL-3.0-only',
  LGPL: 'LGPL-3.0-only',
};

/** Words that are meant as an id or expression and are none: `MIT-3.0`. */
export const isMisspelled = (name: string): boolean =>
  /\d/u.test(name) &&
  readLicence(name) === undefined &&
  name.split(/ (?:or|and|with) /iu).every((id) => !/\s/u.test(id) && nearestId(id) !== undefined);

/** Why a licence that a sentence names cannot be written into a file; `undefined` where it can. */
export const licenceFault = (licence: string): string | undefined => {
  if (licence in families || readExpression(licence) !== undefined) return undefined;
  const wrong = licence.split(/ (?:or|and|with) /iu).find((id) => readExpression(id) === undefined);
  const near = nearestId(wrong ?? licence);
  return `"${licence}" is not a licence of the SPDX list (https://spdx.org/licenses/); ${near ? `the nearest is ${near}` : 'write an id of that list'}`;
};

/** The one-line header for an SPDX id, expression or family, without comment marks. */
export const licenceHeader = (licence: string): string =>
  `SPDX-License-Identifier: ${families[licence] ?? licence}`;

/** Whether a text names this licence, by SPDX line or in words, and no other. */
export const namesLicence = (text: string, licence: string): boolean => {
  const named = licencesIn(text);
  return named.length > 0 && named.every((one) => isLicence(one, licence));
};

const isLicence = (named: string, licence: string): boolean =>
  licence in families
    ? named === licence ||
      (named.startsWith(`${licence}-`) && readExpression(named) === named && !named.includes(' '))
    : sameExpression(named, licence);
