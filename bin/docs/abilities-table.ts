// SPDX-License-Identifier: GPL-3.0-only
import {
  type Abilities,
  compactAbilities,
  llamaAbilities,
  ollamaAbilities,
  vllmAbilities,
} from '../../src/engine/schema/abilities.ts';

const engines: Readonly<Record<string, Abilities>> = {
  llama: llamaAbilities,
  openvino: compactAbilities,
  vllm: vllmAbilities,
  ollama: ollamaAbilities,
};

const yesNo = (held: boolean): string => (held ? 'yes' : 'no');

const upTo = (most: number): string =>
  most === 0 ? 'no' : `up to ${most.toLocaleString('en-US')}`;

const rows: readonly (readonly [keywords: string, of: (abilities: Abilities) => string])[] = [
  ['`required`, optional members', () => 'yes'],
  ['`enum`, `const`', () => 'yes'],
  [
    '`pattern`',
    ({ pattern }) => ({ own: 'regular ones', plain: 'simple, anchored ones' })[pattern],
  ],
  ['`format`', ({ formats }) => formats.join(', ')],
  [
    '`minimum`, `maximum`',
    ({ ranges }) =>
      ({
        integers: 'of integers',
        'integers-and-signs': 'of integers; the sign of others',
      })[ranges],
  ],
  ['`minLength`, `maxLength`', ({ maxLength }) => upTo(maxLength)],
  ['`minItems`, `maxItems`', ({ maxCount }) => upTo(maxCount)],
  ['`prefixItems`', ({ tuples }) => ({ open: 'yes', exact: 'all of them, no more' })[tuples]],
  ['`propertyNames`', ({ propertyNames }) => yesNo(propertyNames)],
  ['`minProperties`, `maxProperties`', ({ propertyCount }) => yesNo(propertyCount)],
];

/** What each engine's constraint holds of JSON Schema, as a Markdown table. */
export const abilitiesTable = (): string => {
  const table = [
    ['', ...Object.keys(engines).map((name) => `\`${name}\``)],
    ...rows.map(([keywords, of]) => [keywords, ...Object.values(engines).map(of)]),
  ];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(3, ...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
};
