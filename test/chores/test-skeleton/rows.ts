// SPDX-License-Identifier: GPL-3.0-only
import test, { type Macro } from 'ava';

export type Files = Readonly<Record<string, string | undefined>>;

const base = {
  'package.json': '{"type":"module","scripts":{"test":"ava"},"devDependencies":{"ava":"8"}}\n',
  'src/a.ts': `// SPDX-License-Identifier: MIT
export const add = (a: number, b = 0): number => a + b;
export function list(from: number, to: number): number[] {
  return [from, to];
}
export const limit = 5;
export const table = { a: [1, 2] };
export function now() {
  return 1;
}
export class Box {
  constructor(readonly size: number) {}
  grow(by: number) {
    return this.size + by;
  }
}
export type Kind = 'a';
const inner = 1;
`,
  'src/b.ts': 'export const add = (a: string) => a;\n',
  'src/all.ts': "export { add } from './a.ts';\n",
};

/** What most rows ask for. */
export const asks = ['Add a test for `add` from `src/a.ts` in `test/a.test.ts`', 'All tests pass'];

/** A test file of AVA: lines of its one test, or, for several, statements. */
export const file = (body: string, names = 'add', from = '../src/a.ts'): string =>
  `import test from 'ava';\nimport { ${names} } from '${from}';\n\n${body.startsWith('test') || body.startsWith('const cases') ? body : `test('adds', (t) => {\n  ${body}\n});`}\n`;

/** A sentence for another name. */
export const ask = (name: string): readonly string[] => [
  `Add a test for \`${name}\` from \`src/a.ts\` in \`test/a.test.ts\``,
];

type Row = readonly [after: string | Files, acceptance?: readonly string[], before?: Files];

/** Rows of one table: the body of a test, a whole test file, or more files. */
export const rows = (
  macro: Macro<[readonly string[], Files, Files]>,
  all: Readonly<Record<string, Row>>,
): void => {
  for (const [title, [after, acceptance = asks, before = {}]] of Object.entries(all)) {
    const text = typeof after === 'string' && !/^(?:import|\/)/u.test(after) ? file(after) : after;
    const files = typeof text === 'string' ? { 'test/a.test.ts': text } : text;
    test(`in a test, ${title}`, macro, acceptance, { ...base, ...before }, files);
  }
};
