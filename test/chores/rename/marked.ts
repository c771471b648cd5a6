// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { caseOf, reviewers } from '../../actions/review-peer/macros.ts';

type Files = Readonly<Record<string, string>>;

const rename = { acceptance: ['Rename `Total` to `Sum`'] };

/** `§` is a use, `¤` a short property that uses it, `¶` a name out of a module; what is `Total` already stays. */
const written = (text: string, isNew: (index: number) => boolean): string => {
  let index = 0;
  return text.replace(/[§¤¶]/gu, (mark) => {
    const renamed = isNew(index);
    index += 1;
    if (!renamed) return 'Total';
    return mark === '§' ? 'Sum' : mark === '¤' ? 'Total: Sum' : 'Sum: Total';
  });
};

const sides = (files: Files, change: (path: string, text: string) => string) => ({
  before: Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, written(text, () => false)]),
  ),
  after: Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => {
      const now = change(path, text);
      return now === written(text, () => false) ? [] : [[path, now]];
    }),
  ),
});

/** Every mark renamed is right; one of them left is wrong, and so is one of the others renamed. */
const judged = test.macro(async (t, files: Files) => {
  const whole = sides(files, (_, text) => written(text, () => true));
  const wrong = Object.entries(files).flatMap(([path, text]) => [
    ...[...text.matchAll(/[§¤¶]/gu)].map((_, left) =>
      sides(files, (one, all) => written(all, (index) => one !== path || index !== left)),
    ),
    ...[...text.matchAll(/\bTotal\b/gu)].map(({ index }) =>
      sides(files, (one, all) => {
        const more = `${all.slice(0, index)}Sum${all.slice(index + 'Total'.length)}`;
        return written(one === path ? more : all, () => true);
      }),
    ),
  ]);
  for (const [name, ask] of Object.entries(reviewers)) {
    const { verdict, findings } = await ask(caseOf(rename, whole.before, whole.after));
    t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
    for (const { before, after } of wrong) {
      const opinion = await ask(caseOf(rename, before, after));
      t.is(opinion.verdict, 'reject', `${name}: ${JSON.stringify(after)}`);
    }
  }
});

const each = (rows: Readonly<Record<string, Files>>): void => {
  for (const [title, files] of Object.entries(rows)) test(title, judged, files);
};

each({
  'parameters, their defaults and bodies': {
    'a.ts':
      'export const § = 1;\nexport function f(a = §, b = () => §) {\n  const Total = 2;\n  return Total + a;\n}\nexport const g = (Total: number, c = Total) => c;\n',
  },
  'variables that are hoisted': {
    'a.ts':
      'export const § = 1;\nexport function f() {\n  if (Total) var Total = 1;\n  { function Total() {} Total(); }\n}\nexport function g() {\n  { const Total = 1; Total; }\n  return §;\n}\n',
  },
  'loops, switches, catches and labels': {
    'a.ts':
      'export const § = [1];\nfor (const Total of [1]) Total;\nfor (let Total = 0; Total < 1; Total++) {}\nfor (const x of §) x;\ntry { §; } catch (Total) { Total; } finally { §; }\nTotal: for (;;) { break Total; }\nswitch (§[0]) { case 1: { const Total = 1; Total; } default: §; }\n',
  },
  'classes and their members': {
    'a.ts':
      "export class § {\n  static Total = 1;\n  #Total = 2;\n  constructor(private readonly Total: number) {}\n  get size() { return this.#Total + this.Total + §.Total; }\n  method(): § { return new §(1); }\n  static { const Total = 1; Total; }\n}\nexport const C = class Total { m() { return Total; } };\nexport class D extends § { ['x'] = §; }\n",
  },
  'objects and their keys': {
    'a.ts':
      "export const § = 'k';\nexport const o = { ¤, Total: §, [§]: 1, 'Total': 2, get a() { return §; } };\nexport const p = { Total() { return §; } };\nexport const q = o.Total + o['Total'] + o?.Total;\nexport const { Total: r } = o;\n",
  },
  assignments: {
    'a.ts':
      'export let § = 1;\nexport const set = (o: any, xs: number[]) => {\n  § = 1;\n  §++;\n  [§] = xs;\n  ({ ¤ } = o);\n  ({ ¤ = 3 } = o);\n  ({ Total: § } = o);\n  for (§ of xs) {}\n};\n',
  },
  expressions: {
    'a.ts': `export const § = (...a: any[]): any => a;\nexport const f = async function* () {\n  §\`Total \${§\`x\`}\`;\n  yield §!;\n  await (§ as any);\n  (§ satisfies any);\n  new §();\n  delete §().Total;\n  return typeof § === "Total" ? /Total/ : -§;\n};\n`,
  },
  'types everywhere': {
    'a.ts':
      'export interface § { Total: 1; m(Total: §): any; }\nexport type A<T extends § = §> = T extends infer Total ? Total : §;\nexport type B = { [K in keyof §]: §[K] } & { [Total in "a"]: Total };\nexport type C = (Total: number) => typeof Total;\nexport type D = [Total: §, ...§[]];\nexport type E = Exclude<keyof §, "Total"> | §["Total"];\nexport const f = <Total,>(x: Total, y: unknown): y is number => true;\nexport const g = (Total: unknown): Total is § => true;\nexport class G implements § { Total = 1 as const; m(): any { return {} as §; } }\nexport class H<Total> { declare t: Total; declare u: H<Total>; }\nexport interface I extends § { [Total: string]: any }\n',
  },
  'enums and namespaces': {
    'a.ts':
      'export enum § { Total = 1, b = Total }\nexport const x = §.Total + §.b;\nexport namespace N {\n  const Total = 1;\n  export const y = Total;\n}\nexport namespace M { export const z = §.b; }\n',
  },
  'a function with a namespace of its own': {
    'a.ts': 'export function §() {}\nexport namespace § { export const x = 1; }\n§.x;\n',
    'b.ts': "import { § } from './a.ts';\n§();\n§.x;\n",
  },
  'all kinds of imports': {
    'a.ts': 'export interface § {}\nexport default 1;\n',
    'b.ts':
      "import type { § } from './a.ts';\nexport type { § } from './a.ts';\nexport let x: §;\n",
    'c.ts':
      "import one, { type § } from './a.js';\nexport type T = [§, typeof one];\nexport { type § };\n",
    'd.ts': "import { type § as Total } from './a';\nexport let x: Total;\n",
    'e.ts': "import type * as all from './a.ts';\nexport let x: all.§;\n",
    'f.ts': "export let x: import('./a.ts').§;\n",
  },
  markup: {
    'a.tsx':
      'export const § = <T,>(p: { Total?: T; children?: any }) => <i title="Total">Total {p.children}</i>;\nexport const B = (p: any) => <§<number> Total={1} {...p}>Total <§ /> {§({})}</§>;\n',
    'b.tsx': "import * as ui from './a';\nexport const C = () => <ui.§>Total</ui.§>;\n",
  },
  decorators: {
    'a.ts':
      'export const § = (...a: any[]): any => a;\n@§\nexport class A {\n  @§() m(@§ Total: number) { return Total; }\n}\n',
  },
  'doc comments': {
    'a.ts':
      '/** {@link §}, {@linkcode §} and {@link § | Totals} */\nexport interface § { a: 1 }\n/**\n * @param Total it\n * @returns {§} a\n * @throws {§}\n */\nexport const f = (Total: number) => Total;\n/**\n * @see §\n */\nexport const g = 1;\n',
    'b.js':
      "/** @import { § } from './a.ts' */\n/** @type {§} */\nexport const b = 1;\n/** @param {import('./a.ts').§} Total */\nexport const c = (Total) => Total;\n",
  },
  'modules that are loaded': {
    'a.ts': 'export const § = 1;\nexport const other = 2;\n',
    'b.ts':
      "export const b = async () => {\n  const { ¶, other } = await import('./a.ts');\n  const { §: x } = await import('./a.ts');\n  const all = await import('./a.ts');\n  return [Total, other, x, all.§, (await import('./a.ts')).§];\n};\nexport const c = import('./a.ts').then(({ ¶ }) => Total);\nexport const d = import('./a.ts').then((all) => all.§);\n",
  },
  'a module that is handed on as a name': {
    'a.ts': 'export const § = 1;\n',
    'b.ts': "import * as a from './a.ts';\nexport const x = a.§;\nconst { ¶ } = a;\nTotal;\n",
    'c.ts': "export * as a from './a.ts';\n",
    'd.ts': "import * as c from './c.ts';\nexport const y = c.a.§;\n",
  },
  'more than one in a statement': {
    'a.ts': 'export const a = 1,\n  § = 2,\n  b = §;\nexport { § as c, § as default };\n',
    'b.ts': "import Total, { c } from './a.ts';\nexport const d = Total + c;\n",
  },
  'a text with a mark, a shebang and carriage returns': {
    'a.js': '#!/usr/bin/env node\r\nexport const § = 1;\r\nexport const x = §;\r\n',
  },
});
