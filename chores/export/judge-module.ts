// SPDX-License-Identifier: GPL-3.0-only
import type { CodeStatement, CodeToken } from '../../src/code/tokens.ts';

/** A name that a module hands out, as its tokens say it. */
export type Handed = {
  readonly name: string;
  /** What it is called inside; `default` of another module. */
  readonly local: string;
  readonly type: boolean;
  readonly form: 'list' | 'declaration';
  /** The specifier it is taken from. */
  readonly module?: string | undefined;
  readonly statement: CodeStatement;
};

/** A name declared at the top, whether it is handed out or not. */
export type Named = {
  readonly name: string;
  readonly kind: 'value' | 'type';
  /** Whether the statement declares other names too. */
  readonly shared: boolean;
  readonly isDefault: boolean;
  readonly statement: CodeStatement;
};

type Imported = {
  readonly local: string;
  readonly name: string;
  readonly type: boolean;
  readonly module: string;
};

/** What a module declares, hands out and takes in. */
export type TokenModule = {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly CodeStatement[];
  readonly named: readonly Named[];
  readonly handed: readonly Handed[];
  readonly imported: readonly Imported[];
  /** Specifiers of `export * from`, types aside. */
  readonly stars: readonly string[];
  /** Specifiers of the modules that run before this one does. */
  readonly loads: readonly string[];
};

/** Reads a module off its tokens. */
export const moduleOf = (
  path: string,
  text: string,
  statements: readonly CodeStatement[],
): TokenModule => {
  const named = statements.flatMap(namedIn);
  const declared: readonly Handed[] = named.flatMap(({ name, kind, isDefault, statement }) =>
    statement.tokens.some(({ text }) => text === 'export')
      ? [
          {
            name: isDefault ? 'default' : name,
            local: name,
            type: kind === 'type',
            form: 'declaration',
            statement,
          },
        ]
      : [],
  );
  const heads = statements.map(headOf);
  const isLoad = (head: Head | undefined): head is Head & { readonly module: string } =>
    head?.module !== undefined && !head.type;
  return {
    path,
    text,
    statements,
    named,
    handed: [
      ...declared.filter(({ statement }) => isExported(statement)),
      ...heads.flatMap((head) => (head?.word === 'export' ? head.items.map(toHanded(head)) : [])),
      ...statements.flatMap(defaultOf),
    ],
    imported: heads.flatMap((head) => (head?.word === 'import' ? toImported(head) : [])),
    stars: heads.flatMap((head) => (head?.star && head.module ? [head.module] : [])),
    loads: heads.filter(isLoad).map(({ module }) => module),
  };
};

const words = ({ tokens }: CodeStatement): readonly string[] => tokens.map(({ text }) => text);

/** Decorators may stand before or behind the word. */
const isExported = (statement: CodeStatement): boolean =>
  statement.tokens.slice(0, declaratorAt(statement)).some(({ text }) => text === 'export');

const kinds: Readonly<Record<string, 'value' | 'type'>> = {
  const: 'value',
  let: 'value',
  var: 'value',
  function: 'value',
  class: 'value',
  enum: 'value',
  interface: 'type',
  type: 'type',
};
const before = new Set(['export', 'default', 'declare', 'abstract', 'async']);

/** Where the word that declares stands; -1 where none does. */
const declaratorAt = ({ tokens }: CodeStatement): number => {
  let at = 0;
  while (tokens[at]?.text === '@') at = behindDecorator(tokens, at);
  while (before.has(tokens[at]?.text ?? '')) {
    at += 1;
    while (tokens[at]?.text === '@') at = behindDecorator(tokens, at);
  }
  return Object.hasOwn(kinds, tokens[at]?.text ?? '') ? at : -1;
};

const behindDecorator = (tokens: readonly CodeToken[], from: number): number => {
  let at = from + 2;
  while (tokens[at]?.text === '.') at += 2;
  if (tokens[at]?.text !== '(') return at;
  for (let depth = 0; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '(') depth += 1;
    if (tokens[at]?.text === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return at;
};

const isName = (text: string | undefined): text is string =>
  text !== undefined && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);

const namedIn = (statement: CodeStatement): readonly Named[] => {
  const all = words(statement);
  let at = declaratorAt(statement);
  if (at < 0) return [];
  const word = all[at] ?? '';
  if (word === 'const' && all[at + 1] === 'enum') at += 1;
  if (all[at + 1] === '*') at += 1;
  const isDefault = all.slice(0, at).includes('default');
  const names = /^(?:const|let|var)$/u.test(word) ? declarators(all.slice(at + 1)) : [all[at + 1]];
  return names.filter(isName).map((name) => ({
    name,
    kind: kinds[word] ?? 'value',
    shared: names.length > 1,
    isDefault,
    statement,
  }));
};

/** The names of `a = 1, b: T = 2`; commas in brackets and between type arguments are none of theirs. */
const declarators = (all: readonly string[]): readonly (string | undefined)[] => {
  if (!isName(all[0])) return ['{'];
  const names = [all[0]];
  let depth = 0;
  all.forEach((text, at) => {
    if (/^[([{]$|\$\{$/u.test(text)) depth += 1;
    if (/^[)\]}]$|^\}/u.test(text)) depth -= 1;
    const [name, next] = all.slice(at + 1);
    if (depth === 0 && text === ',' && isName(name) && /^[=:;,!]$/u.test(next ?? ';')) {
      names.push(name);
    }
  });
  return names;
};

type Item = { readonly local: string; readonly name: string; readonly type: boolean };
type Head = {
  readonly word: 'import' | 'export';
  readonly type: boolean;
  readonly star: boolean;
  readonly items: readonly Item[];
  /** The name that an import binds without braces. */
  readonly plain?: string | undefined;
  readonly module: string | undefined;
  readonly statement: CodeStatement;
};

/** `import ... from` and `export {...}`, `export * from`. */
const headOf = (statement: CodeStatement): Head | undefined => {
  const all = words(statement);
  const [word, second = ''] = all;
  if (word !== 'import' && word !== 'export') return undefined;
  const type =
    second === 'type' && (all[2] === '{' || all[2] === '*' || isName(all[2])) && all[2] !== 'from';
  const first = type ? all[2] : second;
  const list = word === 'import' || first === '{' || first === '*';
  if (!list || second === '(' || second === '.') return undefined;
  const last = all.findLast((text) => /^["']/u.test(text));
  const open = all.indexOf('{');
  return {
    word,
    type,
    star: word === 'export' && first === '*' && all[type ? 3 : 2] === 'from' && !type,
    items:
      open < 0 || /^["']/u.test(first ?? '')
        ? []
        : itemsOf(all.slice(open + 1, all.indexOf('}', open))),
    plain: word === 'import' && isName(first) ? first : undefined,
    module: last?.slice(1, -1),
    statement,
  };
};

const itemsOf = (inner: readonly string[]): readonly Item[] => {
  const items: string[][] = [[]];
  for (const text of inner) {
    if (text === ',') items.push([]);
    else items.at(-1)?.push(text);
  }
  return items.flatMap((item): readonly Item[] => {
    const type = item[0] === 'type' && item.length > 1 && item[1] !== 'as';
    const rest = type ? item.slice(1) : item;
    const [local, , name = local] = rest;
    return local === undefined || name === undefined ? [] : [{ local, name, type }];
  });
};

const toHanded =
  (head: Head) =>
  (item: Item): Handed => ({
    ...item,
    type: head.type || item.type,
    form: 'list',
    module: head.module,
    statement: head.statement,
  });

const toImported = ({ items, plain, type, module = '' }: Head): readonly Imported[] => [
  ...(plain === undefined ? [] : [{ local: plain, name: 'default', type, module }]),
  ...items.map((item) => ({
    local: item.name,
    name: item.local,
    type: type || item.type,
    module,
  })),
];

/** `export default name;` */
const defaultOf = (statement: CodeStatement): readonly Handed[] => {
  const [word, second, local, end] = words(statement);
  return word === 'export' &&
    second === 'default' &&
    isName(local) &&
    (end === undefined || end === ';')
    ? [{ name: 'default', local, type: false, form: 'list', statement }]
    : [];
};
