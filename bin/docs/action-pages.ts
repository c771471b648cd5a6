// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

type Field = {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
};

type Action = {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Readonly<Record<string, Field>>;
  readonly outputs?: Readonly<Record<string, Field>>;
};

/** `actions/<room>/README.md` of every folder that holds an action, by path. */
export const actionPages = async (
  root: string,
): Promise<readonly (readonly [string, string])[]> => {
  const rooms = await readdir(join(root, 'actions'));
  const pages = await Promise.all(
    rooms.sort().map(async (room) => {
      const file = join(root, 'actions', room, 'action.yml');
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return text === undefined
        ? undefined
        : ([`actions/${room}/README.md`, page(room, parse(text))] as const);
    }),
  );
  return pages.filter((entry) => entry !== undefined);
};

const page = (room: string, { name, description, inputs = {}, outputs = {} }: Action): string =>
  [
    '<!-- Written by bin/write-docs.ts from action.yml; do not edit. -->',
    '',
    `# ${name}`,
    '',
    description,
    '',
    'A step of the workflows that `pantheon flow compile` writes. It runs the Pantheon that is installed',
    'in `PANTHEON_HOME` on the runner, never code of the commit under work. Its inputs are passed as',
    'environment variables.',
    '',
    '```yaml',
    `- uses: OWNER/pantheon/actions/${room}@COMMIT`,
    ...(Object.keys(inputs).length > 0 ? ['  with:'] : []),
    ...Object.entries(inputs).flatMap(([key, { required }]) =>
      required ? [`    ${key}: ...`] : [],
    ),
    '```',
    '',
    '## Inputs',
    '',
    ...table(
      ['input', 'default', 'what'],
      Object.entries(inputs).map(([key, field]) => [
        code(key),
        field.required ? 'required' : field.default === '' ? 'empty' : code(field.default ?? ''),
        field.description,
      ]),
    ),
    ...(Object.keys(outputs).length > 0
      ? [
          '',
          '## Outputs',
          '',
          ...table(
            ['output', 'what'],
            Object.entries(outputs).map(([key, field]) => [code(key), field.description]),
          ),
        ]
      : []),
    '',
  ].join('\n');

const code = (text: string): string => `\`${text}\``;

const table = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] => [
  line(head),
  line(head.map(() => '---')),
  ...rows.map((row) => line(row.map((cell) => cell.replaceAll('|', '\\|')))),
];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
