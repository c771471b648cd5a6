// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { bothReject } from '../ask-judges.ts';

const rename = ['Rename `Total` to `Sum`'];

/** Every use, `§`, is renamed, and the new name means something else somewhere; or is taken. */
const captures: Readonly<Record<string, string>> = {
  'a parameter': 'export const f = (Sum: number) => §;',
  'a parameter beside a default': 'export const f = (a = §, Sum = 1) => a + Sum;',
  'a parameter of a pattern': 'export const f = ({ a: [Sum] }: any) => §;',
  'a hoisted variable': 'export function f() { §; { var Sum = 1; } }',
  'a hoisted function': 'export function f() { §; function Sum() {} }',
  'a variable of a loop': 'for (const Sum of [1]) §;',
  'what is caught': 'try { f(); } catch (Sum) { §; }',
  'a variable of a switch': 'switch (1) { case 1: const Sum = 1; default: §; }',
  'the name of a function expression': 'export const f = function Sum() { return §; };',
  'the name of a class expression': 'export const C = class Sum { m() { return §; } };',
  'a member of an enum': 'export enum E { Sum = 1, b = § }',
  'a name in a namespace': 'export namespace N { const Sum = 1; export const x = §; }',
  'a name in a static block': 'export class C { static { const Sum = 1; §; } }',
  'a short property': 'export const f = (Sum: number) => ({ Sum, a: § });',
  'a global': 'export const x = [Sum, §];',
  'a function of the file': 'function Sum() {}\nexport const x = §;',
  'a class of the file': 'class Sum {}\nexport const x = §;',
  'a type of the file': 'type Sum = 1;\nexport const x: Sum = §;',
  'a name out of a pattern': 'const { a: Sum } = { a: 1 };\nexport const x = §;',
  'a variable of the file that is hoisted': '{ var Sum = 1; }\nexport const x = §;',
  'an import': "import { Sum } from './other.ts';\nexport const x = §;",
  'an import of types': "import type { Sum } from './other.ts';\nexport const x = §;",
  'a default import': "import Sum from './other.ts';\nexport const x = §;",
  'a module': "import * as Sum from './other.ts';\nexport const x = §;",
  'an export of another name': 'const x = 1;\nexport { x as Sum };',
  'an export of another module': "export { Sum } from './other.ts';",
};

for (const [title, text] of Object.entries(captures)) {
  const written = (name: string): string =>
    `export const Total = 1;\n${text}\n`.replace('Total', name).replaceAll('§', name);
  const other = { 'other.ts': 'export const Sum = 1;\nexport default 1;\n' };
  test(
    title,
    bothReject,
    rename,
    { 'a.ts': written('Total'), ...other },
    { 'a.ts': written('Sum') },
  );
}

const types: Readonly<Record<string, string>> = {
  'a type parameter': 'export type A<Sum> = [Sum, §];',
  'a type parameter of a function': 'export const f = <Sum,>(a: Sum): § => a as any;',
  'a type parameter of a class': 'export class C<Sum> { a?: Sum; b?: § }',
  'a type that is inferred': 'export type A<T> = T extends (infer Sum)[] ? § : 1;',
  'the key of a mapped type': 'export type A = { [Sum in "a"]: § };',
  'a type in a function': 'export const f = () => { type Sum = 1; return {} as §; };',
};

for (const [title, text] of Object.entries(types)) {
  const written = (name: string): string =>
    `export interface ${name} {}\n${text}\n`.replaceAll('§', name);
  test(title, bothReject, rename, { 'a.ts': written('Total') }, { 'a.ts': written('Sum') });
}
