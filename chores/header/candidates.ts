// SPDX-License-Identifier: GPL-3.0-only
import type { Choice, Question } from '../../src/chore/decide/decision.ts';
import type { Script } from '../../src/chore/script.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { licenceHeader, namesLicence } from '../../src/spec/licence.ts';
import { licencesIn } from '../../src/spec/licence-words.ts';
import { isCodeNotice, licenceOfRepository } from './repository-licence.ts';

/**
 * Which licence a header names where a sentence names only a family, such as GPL: what other files' headers, the package and
 * the licence file say, and the usual one. Nothing where they agree, or the sentence leaves no choice.
 */
export function* candidates(tree: WorkingTree, licence: string): Script<Question | undefined> {
  const mark = 'SPDX-License-Identifier: ';
  const usual = licenceHeader(licence).slice(mark.length);
  if (usual === licence) return undefined;
  const others = (yield* tree.lines(mark.trim())) ?? [];
  const said = others.filter(isCodeNotice).flatMap(({ text }) => licencesIn(text));
  const offers: readonly (readonly [string, string | undefined])[] = [
    ['other files', mostFrequent(said.filter((one) => isMember(one, licence)))],
    ['package.json', yield* licenceOfRepository(tree, /^package\.json$/)],
    ['LICENSE', yield* licenceOfRepository(tree, /^(?:LICEN[CS]E|COPYING)(?:\.(?:md|txt))?$/)],
    ['usual', usual],
  ];
  const distinct = new Map<string, Choice>();
  for (const [name, value] of offers) {
    if (value === undefined || !isMember(value, licence) || distinct.has(value)) continue;
    distinct.set(value, { name, value });
  }
  return distinct.size > 1 ? { name: 'licence', candidates: [...distinct.values()] } : undefined;
}

/** Whether it is one licence of the family, with its version. */
const isMember = (one: string, family: string): boolean =>
  one !== family && namesLicence(`SPDX-License-Identifier: ${one}`, family);

/** Of several as frequent the first by code unit. */
const mostFrequent = (values: readonly string[]): string | undefined => {
  const counts = Map.groupBy(values.toSorted(), (value) => value);
  return [...counts].reduce<readonly [string | undefined, number]>(
    (most, [value, { length }]) => (length > most[1] ? [value, length] : most),
    [undefined, 0],
  )[0];
};
