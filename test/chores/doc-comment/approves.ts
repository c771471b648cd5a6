// SPDX-License-Identifier: GPL-3.0-only
import { bothApprove } from '../ask-judges.ts';
import { above, asks, source, table } from './rows.ts';

const every = ['Every exported function in src/ has a doc comment'];
const js = ['`cut` has a doc comment'];
const cut = (comment: string) => ({
  'lib/c.js': `${comment}\nexport function cut(text) {\n  return text;\n}\n`,
});
const said = ['`total` has a doc comment saying "Adds up all that is there."'];

table(bothApprove, {
  'good: one line': ['/** Adds up the items. */'],
  'good: several lines': ['/**\n * Adds up the items.\n * None is left out.\n */'],
  'good: one line in a block': ['/**\n * Adds up the items.\n */'],
  'good: an empty line within': ['/**\n * Adds up the items.\n *\n * None is left out.\n */'],
  'good: parameters': [
    '/**\n * Adds up.\n *\n * @param list what is added\n * @param start where to begin\n */',
  ],
  'good: parameters with hyphens': ['/**\n * Adds up.\n *\n * @param list - What is added.\n */'],
  'good: what is returned': ['/**\n * Adds up.\n *\n * @returns the sum\n */'],
  'good: only what is returned': ['/** @returns The sum of all. */'],
  'good: what is thrown': [
    '/**\n * Adds up.\n *\n * @throws RangeError where there are too many\n */',
  ],
  'good: a type parameter': ['/**\n * Adds up.\n *\n * @typeParam Item what is counted\n */'],
  'good: an example': [
    '/**\n * Adds up.\n *\n * @example\n * total([1, 2], { start: 1 } as never);\n */',
  ],
  'good: an example in a fence': [
    '/**\n * Adds up.\n *\n * @example\n * ```ts\n * total([1, 2]);\n * ```\n */',
  ],
  'good: remarks and something to see': [
    '/**\n * Adds up.\n *\n * @remarks It is quick.\n * @see reset\n */',
  ],
  'good: code in backticks': ['/** Adds up a `readonly Item[]` of `{ a: 1 }`. */'],
  'good: letters of other languages': ['/** Zählt auf der Brücke, 日記 und заметка. */'],
  'good: a number and marks': [
    '/** Gives 90% of 2 + 3 (or more): never "less" – see below; x > 1. */',
  ],
  'good: its name in words': ['/** Total. */'],
  'good: the words that are asked for': ['/** Adds up all that is there. */', said],
  'good: the words that are asked for, in lines': [
    '/**\n * Adds up all\n * that is there.\n */',
    said,
  ],
  'good: words of the code itself': [
    { 'lib/r.ts': '/** Lets a reviewer approve. */\nexport const reviewerApprove = 1;\n' },
    ['`reviewerApprove` has a doc comment'],
    { 'lib/r.ts': 'export const reviewerApprove = 1;\n' },
  ],
  'good: every function': [
    above('/** Adds up. */').replace(
      'export const reset',
      '/** Takes all out. */\nexport const reset',
    ),
    every,
  ],
  'good: every type': [
    above('/** What there is. */', 'export type Kind'),
    ['Every exported type in `src/a.ts` has a doc comment'],
  ],
  'good: every class': [
    above('/** Holds. */', 'export class Box'),
    ['Every exported class in `src/a.ts` has a doc comment'],
  ],
  'good: every constant of a file': [
    { 'src/b.ts': '/** A number. */\nexport const b = 1;\n' },
    ['Every exported constant in src/ has a doc comment'],
  ],
  'good: a function in an export list': [
    {
      'd/s.ts':
        '/** Makes a slug. */\nfunction slug(text: string) {\n  return text;\n}\n\nexport { slug };\n',
    },
    ['Every exported function in d/ has a doc comment'],
    { 'd/s.ts': 'function slug(text: string) {\n  return text;\n}\n\nexport { slug };\n' },
  ],
  'good: a function that is no export': [
    above('/** Inside. */', 'function inner'),
    ['`inner` has a doc comment'],
  ],
  'good: nothing to do': [{}, ['`Options` has a doc comment']],
  'good: a script': [cut('/** Cuts. */'), js],
  'good: a script with types': [
    cut(
      '/**\n * Cuts.\n *\n * @param {string} text what is cut\n * @returns {string} the rest\n */',
    ),
    js,
  ],
  'good: above a directive': [
    { 'd/s.ts': '/** Makes it. */\n// eslint-disable-next-line\nexport const s: any = 1;\n' },
    ['`s` has a doc comment'],
    { 'd/s.ts': '// eslint-disable-next-line\nexport const s: any = 1;\n' },
  ],
  'good: below another comment': [
    { 'd/s.ts': '// Part two.\n/** Makes it. */\nexport const s = 1;\n' },
    ['`s` has a doc comment'],
    { 'd/s.ts': '// Part two.\nexport const s = 1;\n' },
  ],
  'good: above a decorator': [
    { 'd/s.ts': '/** Keeps it. */\n@keep({ a: 1 })\nexport class Store {}\n' },
    ['`Store` has a doc comment'],
    { 'd/s.ts': '@keep({ a: 1 })\nexport class Store {}\n' },
  ],
  'good: on the first of overloads': [
    {
      'd/s.ts':
        '/** Both ways. */\nexport function s(a: 1): void;\nexport function s(a: unknown) {}\n',
    },
    ['`s` has a doc comment'],
    { 'd/s.ts': 'export function s(a: 1): void;\nexport function s(a: unknown) {}\n' },
  ],
  'good: carriage returns and a mark on top': [
    { 'd/s.ts': '\uFEFF/**\r\n * Makes it.\r\n */\r\nexport const s = 1;\r\n' },
    ['`s` has a doc comment'],
    { 'd/s.ts': '\uFEFFexport const s = 1;\r\n' },
  ],
  'good: two names': [
    above('/** Adds up. */').replace('export class', '/** Holds things. */\nexport class'),
    ['`total` and `Box` have doc comments'],
  ],
  'good: renamed and documented': [
    {
      'src/b.ts': '/** A number. */\nexport const bee = 1;\n',
      'src/a.ts': source.replace('{ b }', '{ bee }'),
    },
    ['Rename `b` to `bee`', '`bee` has a doc comment'],
  ],
  'good: exported and documented': [
    { 'src/a.ts': source.replace('function inner', '/** Within. */\nexport function inner') },
    ['`inner` is exported from `src/a.ts`', '`inner` has a doc comment'],
  ],
  'good: said at length': [`/** ${'Adds up the items one by one. '.repeat(3).trim()} */`, asks],
});
