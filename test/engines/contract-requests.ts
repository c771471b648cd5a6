// SPDX-License-Identifier: GPL-3.0-only
import type { CompletionRequest, Message } from '../../src/engine/contract/engine.ts';

export type Schema = CompletionRequest['schema'];

const tool = (name: string, args: Schema): Schema => ({
  type: 'object',
  properties: { type: { const: 'tool' }, name: { const: name }, args },
  required: ['type', 'name', 'args'],
  additionalProperties: false,
});

/** Of the form an agent's protocol has: a union of tool calls and the final answer. */
export const envelope: Schema = {
  oneOf: [
    tool('read_file', {
      type: 'object',
      properties: { path: { type: 'string', minLength: 1, maxLength: 24 } },
      required: ['path'],
      additionalProperties: false,
    }),
    {
      type: 'object',
      properties: {
        type: { const: 'final' },
        output: {
          type: 'object',
          properties: {
            status: { type: 'string', enum: ['ok', 'fail'] },
            notes: { type: 'string', maxLength: 24 },
          },
          required: ['status', 'notes'],
          additionalProperties: false,
        },
      },
      required: ['type', 'output'],
      additionalProperties: false,
    },
  ],
};

/** An object of these texts and nothing else: every answer is the same. */
export const forced = (values: Readonly<Record<string, string>>): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { const: value }]),
  ),
  required: Object.keys(values),
  additionalProperties: false,
});

export const unicode = { say: 'Grüße, 漢字, 🦉 and "quotes" \\ \u0001\n\ttabs' };

export const long = Object.fromEntries(
  Array.from({ length: 24 }, (_, index) => [`k${index}`, `word number ${index}`]),
);

/** Much room for blanks: numbers, lists and nesting, nothing of it forced. */
export const airy: Schema = {
  type: 'object',
  properties: {
    list: { type: 'array', items: { type: 'boolean' }, minItems: 2, maxItems: 4 },
    inner: {
      type: 'object',
      properties: { on: { type: 'boolean' }, kind: { enum: ['a', 'b', 'c'] } },
      required: ['on', 'kind'],
      additionalProperties: false,
    },
  },
  required: ['list', 'inner'],
  additionalProperties: false,
};

/** A short conversation, with letters of more than one byte. */
export const messages: readonly Message[] = [
  { role: 'system', content: 'You work on notes. Answer with JSON.' },
  { role: 'user', content: 'input: {"path":"notes/owl.md","body":"# Owls\\n\\nÄ ö 漢 🦉"}' },
];
