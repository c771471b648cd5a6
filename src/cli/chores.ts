// SPDX-License-Identifier: GPL-3.0-only

import { isWork } from '../chore/read-asked.ts';
import type { Chore } from '../chore/read-chore.ts';
import { didYouMean } from '../data/nearest.ts';
import { printable } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { repositoryChores } from './shared/repository-chores.ts';

type ChoresArguments = { readonly repo: string; readonly json?: true };

/** `pantheon chores [NAME]` */
export const choresCommand = async (
  name: string | undefined,
  { repo, json }: ChoresArguments,
): Promise<void> => {
  const { all, read } = await repositoryChores(repo);
  const shown = name === undefined ? [...all.values()] : [chosen(name, all)];
  const exact = ({ manifest }: Chore): readonly object[] =>
    manifest.examples.flatMap((example) =>
      (read(example) ?? []).map(({ chore, args }) => ({ [chore]: args })),
    );
  if (json) {
    const rows = shown.map((chore) => ({ ...chore.manifest, do: exact(chore) }));
    process.stdout.write(`${JSON.stringify(name === undefined ? rows : rows[0], null, 2)}\n`);
    return;
  }
  const text = name === undefined ? listOf(shown) : shown.map((chore) => page(chore, exact(chore)));
  process.stdout.write(`${text.join('\n')}\n`);
};

const chosen = (name: string, all: ReadonlyMap<string, Chore>): Chore => {
  const chore = all.get(name);
  if (chore) return chore;
  throw new UserError(
    `there is no chore "${name}"${didYouMean(name, all.keys())}; "pantheon chores" lists them`,
  );
};

const listOf = (chores: readonly Chore[]): readonly string[] => {
  const sorted = chores.toSorted((a, b) => a.manifest.stage - b.manifest.stage);
  return [
    'Work:',
    ...sorted.filter(isWork).map(lineOf),
    '',
    'Conditions:',
    ...sorted.filter((chore) => !isWork(chore)).map(lineOf),
  ];
};

const lineOf = ({ manifest }: Chore): string =>
  `  ${manifest.name.padEnd(23)} ${printable(manifest.description)}`;

const page = ({ manifest }: Chore, exact: readonly object[]): string => {
  const { properties = {}, required = [] } = manifest.args as {
    readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
    readonly required?: readonly string[];
  };
  const names = Object.entries(properties).map(([argument, schema]) => {
    const { description = '', ...rest } = schema;
    const must = required.includes(argument) ? ' (required)' : '';
    return `  ${argument.padEnd(10)} ${description || typeOf(rest)}${must}`;
  });
  return [
    `${manifest.name}: ${manifest.description}`,
    ...(manifest.flow === undefined ? [] : [`Flow ${manifest.flow}, agent ${manifest.agent}.`]),
    '',
    'In words:',
    ...manifest.examples.map((example) => `  - ${example}`),
    'Exactly:',
    ...exact.map((item) => `  do: [${JSON.stringify(item)}]`),
    ...(names.length > 0 ? ['Arguments:', ...names] : []),
  ]
    .map((line) => line.replace(/\S.*/, (text) => printable(text)))
    .join('\n');
};

const typeOf = (schema: object): string =>
  'enum' in schema
    ? `one of ${(schema.enum as readonly string[]).join(', ')}`
    : `${(schema as { type?: string }).type ?? ''}`;
