// SPDX-License-Identifier: GPL-3.0-only
import {
  type Abilities,
  compactAbilities,
  llamaAbilities,
  ollamaAbilities,
  openaiAbilities,
  vllmAbilities,
} from '../../src/engine/schema/abilities.ts';
import { markdownTable } from './table.ts';

const engines: Readonly<Record<string, Abilities>> = {
  llama: llamaAbilities,
  openvino: compactAbilities,
  vllm: vllmAbilities,
  ollama: ollamaAbilities,
  openai: openaiAbilities,
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
  ['`maxProperties`', ({ maxMembers }) => (maxMembers === 0 ? 'no' : 'where none are declared')],
  ['`propertyNames`', () => 'as a list of names'],
  ['all others', () => 'no'],
];

/** The keywords of JSON Schema that each engine's constraint enforces, as a Markdown table. */
export const abilitiesTable = (): string =>
  markdownTable([
    ['', ...Object.keys(engines).map((name) => `\`${name}\``)],
    ...rows.map(([keywords, of]) => [keywords, ...Object.values(engines).map(of)]),
  ]);
