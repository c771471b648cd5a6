// SPDX-License-Identifier: GPL-3.0-only
import type { Spoil } from '../../src/review/exam/draft.ts';
import { pickNoun } from '../../src/review/exam/seeded-words.ts';

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** The years of a holder's notices, or of others, of texts, or with more changed in the notices. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const { modules, root } = material;
  const holder = `${capital(pickNoun(random))} Works`;
  const stranger = `${capital(pickNoun(random))} Brothers`;
  const year = 2025 + random.int(5);
  const first = 2009 + random.int(9);
  const old = random.chance(0.5) ? `${first}` : `${first}-${first + 3}`;
  const mark = random.pick(['Copyright (c) ', 'Copyright ', '(c) ', '© ']);
  const notice = (years: string, of = holder): string => `${mark}${years} ${of}`;
  const quote = modules[0]?.quote ?? "'";
  const shown = `export const shown = ${quote}${notice(old)}${quote};\n`;
  const vendored = `${root}src/vendor/${pickNoun(random)}.ts`;
  const taken = (years: string) => `// ${notice(years, stranger)}\nexport const taken = 1;\n`;
  const paths = modules.map(({ path }) => path);
  const [on = '', ...others] = random.shuffle(paths);
  const put = (header: string) =>
    new Map(modules.map(({ path, text }) => [path, `// ${header}\n\n${text}${shown}`] as const));
  const edits = put(notice(`${first}-${year}`));
  const text = edits.get(on) ?? '';
  const one = (spoiled: string) => new Map([...edits, [on, spoiled]]);
  const header = (other: string) => one(text.replace(/^\/\/ .*/, () => `// ${other}`));
  const done = notice(`${first}-${year}`);
  return {
    way: 'copyright year',
    acceptance: [
      random.pick([
        `The copyright year of "${holder}" is ${year}`,
        `Update the copyright years of "${holder}" to ${year}`,
      ]),
      ...(random.chance(0.5) ? ['Nothing else changes'] : []),
    ],
    notes: `copyright-year: ${paths.length} notices, the others had it`,
    base: new Map([...material.files, ...put(notice(old)), [vendored, taken(old)]]),
    edits,
    wrong: {
      'another-year': put(notice(`${first}-${year + 1}`)),
      'another-first-year': header(notice(`${first - 1}-${year}`)),
      'first-year-lost': header(notice(`${year}`)),
      'another-holder': header(notice(`${first}-${year}`, stranger)),
      'holder-more': header(`${done} and ${stranger}`),
      'rights-more': header(`${done}. All rights reserved.`),
      'licence-beside': header(`${done}, MIT`),
      'hidden-character': header(`${done}${random.pick(['\u200B', '\u202E'])}`),
      'look-alike': header(done.replace('o', '\u043E')),
      'text-too': one(text.replace(shown, shown.replace(old, `${first}-${year}`))),
      'stranger-too': new Map([...edits, [vendored, taken(`${first}-${year}`)]]),
      'one-left-out':
        others.length === 0 ? undefined : new Map([...edits].filter(([path]) => path !== on)),
      'directive-below': one(text.replace('\n', '\n// @ts-nocheck\n')),
      'code-below': one(text.replace('\n', '\nglobalThis.ready = true;\n')),
    },
  };
};
