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

const upTo = (most: number): string =>
  most === 0 ? 'no' : `up to ${most.toLocaleString('en-US')}`;

const rows: readonly (readonly [keywords: string, of: (abilities: Abilities) => string])[] = [
  ['`enum`, `const`', () => 'yes'],
  ['`properties`, `required`, `additionalProperties`', () => 'yes'],
  ['`anyOf`, `oneOf`, `$ref`', () => 'yes'],
  ['`minimum`, `maximum`', () => 'of integers'],
  ['`minLength`, `maxLength`', ({ maxLength }) => upTo(maxLength)],
  ['`minItems`, `maxItems`', ({ maxCount }) => upTo(maxCount)],
  ['`propertyNames`', () => 'as a list of names'],
  ['all others', () => 'no'],
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
