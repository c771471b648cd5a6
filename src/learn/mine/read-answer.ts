// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { parseJson } from '../../trace/shown-values.ts';

/** A function that an answer calls, whatever dialect it is written in. */
export type CalledFunction = {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
};

const members = z.record(z.string(), z.unknown());
const envelopeCall = z.strictObject({ type: z.literal('tool'), name: z.string(), args: members });
const taggedCall = z.strictObject({ name: z.string(), arguments: members });

/** What an answer calls: in the dialect `qwen` its end too, which is a function there. */
export const readAnswer = (said: string): CalledFunction | undefined => {
  const call = envelopeCall.safeParse(parseJson(said));
  if (call.success) return { name: call.data.name, args: call.data.args };
  const [, body] = /^<tool_call>\n(.*)\n<\/tool_call>$/s.exec(said) ?? [];
  const tagged = taggedCall.safeParse(parseJson(body));
  return tagged.success ? { name: tagged.data.name, args: tagged.data.arguments } : undefined;
};

/** A tool as chat templates take it. */
export type FunctionSchema = {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
};

const toolLine = z.strictObject({ name: z.string(), description: z.string(), args: members });
const functionLine = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), description: z.string(), parameters: members }),
});

/** The tools that a system message ends with, in either dialect; `undefined` where it names none. */
export const readTools = (system: string): readonly FunctionSchema[] | undefined => {
  const tagged = sectionOf(system, '\n<tools>\n', '\n</tools>\n');
  const listed = tagged ?? sectionOf(system, '\n\n# Tools\n\n', '');
  if (listed === undefined) return undefined;
  if (listed === 'none') return [];
  const tools = listed.split('\n').map((line) => toolOf(parseJson(line)));
  return tools.every((tool) => tool !== undefined) ? tools : undefined;
};

const toolOf = (line: unknown): FunctionSchema | undefined => {
  const tagged = functionLine.safeParse(line);
  if (tagged.success) return tagged.data;
  const { success, data } = toolLine.safeParse(line);
  if (!success) return undefined;
  const { name, description, args: parameters } = data;
  return { type: 'function', function: { name, description, parameters } };
};

/** What stands behind the last place of a heading, up to an end. */
const sectionOf = (text: string, heading: string, end: string): string | undefined => {
  const start = text.lastIndexOf(heading);
  if (start < 0) return undefined;
  const from = start + heading.length;
  const to = end === '' ? text.length : text.indexOf(end, from);
  return to < 0 ? undefined : text.slice(from, to);
};
