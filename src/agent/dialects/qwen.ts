// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { sha256 } from '../../data/digest.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { UserError } from '../../data/user-error.ts';
import { escapeControls } from '../../engine/contract/control-tokens.ts';
import { argsJsonSchema } from '../../tool/args-schema.ts';
import { renderReply, renderTask } from '../conversation.ts';
import type { EnvelopeDialect } from '../dialect.ts';
import type { Envelope, Final } from '../envelope.ts';
import {
  type JsonSchema,
  oneOfSchemas,
  openFinalSchema,
  type Protocol,
} from '../envelope-schema.ts';
import {
  badReading,
  describeIssues,
  parseAnswer,
  type Reading,
  readCall,
  readOutput,
} from '../read-envelope.ts';

/*
 * The style that Hermes introduced and Qwen models are taught: functions as JSON lines in `<tools>`,
 * a call in `<tool_call>`, its result in `<tool_response>`, in the words of Qwen's own chat template
 * (https://qwen.readthedocs.io/en/latest/framework/function_call.html). The end is a function too.
 */

const answerForm = [
  'Answer each time with exactly one function call and nothing before or after it.',
  'When done, call final with status "ok", one sentence in notes, metrics {} and the result.',
  'When it cannot be done, call final with status "fail", the reason in notes and an empty result {}.',
  'An error answers a bad step; read its reason and do otherwise. The same call again and again ends the task.',
].join('\n');

const beforeTools = `# Tools

You may call one function at a time to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>`;

const afterTools = `</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>`;

const finalDescription = 'Ends the task with what came of it.';

/** Keys in the order that models were taught them in. */
const functionLine = (name: string, description: string, parameters: JsonSchema): string =>
  escapeControls(JSON.stringify({ type: 'function', function: { name, description, parameters } }));

const toolsOf = ({ tools, parts: { output, defs } }: Protocol): string => {
  if (tools.has('final')) {
    throw new UserError('the tool "final" stands for the end in the dialect "qwen"; rename it');
  }
  const resultDefs = Object.entries(defs).filter(([name]) => /^result(?:\.|$)/.test(name));
  const parameters = {
    ...output,
    ...(resultDefs.length > 0 && { $defs: Object.fromEntries(resultDefs) }),
  };
  return [
    ...[...tools.values()].map((tool) =>
      functionLine(tool.name, tool.description, argsJsonSchema(tool)),
    ),
    functionLine('final', finalDescription, parameters),
  ].join('\n');
};

const schemaOf = memoiseByObject(({ parts: { calls, output, defs } }: Protocol): JsonSchema => {
  const functions = [...calls, { name: 'final', args: output }];
  return oneOfSchemas(
    functions.map(({ name, args }) => ({
      type: 'object',
      properties: { name: { const: name }, arguments: args },
      required: ['name', 'arguments'],
      additionalProperties: false,
    })),
    defs,
  );
});

const callSchema = z.strictObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
});

const openTag = '<tool_call>';
const closeTag = '</tool_call>';

const tagged = (body: string): string => `${openTag}\n${escapeControls(body)}\n${closeTag}`;

const renderAnswer = (envelope: Envelope): string =>
  tagged(
    JSON.stringify(
      envelope.type === 'tool'
        ? { name: envelope.name, arguments: envelope.args }
        : { name: 'final', arguments: envelope.output },
    ),
  );

const readFunction = (value: unknown, protocol: Protocol): Reading => {
  const call = callSchema.safeParse(value);
  if (!call.success) return badReading('schema', describeIssues(call.error.issues));
  const { name, arguments: args } = call.data;
  if (name !== 'final') return readCall({ name, args }, protocol, 'arguments');
  const output = openFinalSchema.shape.output.safeParse(args);
  return output.success
    ? readOutput(output.data as Final['output'], protocol, 'arguments')
    : badReading('schema', describeIssues(output.error.issues, ['arguments']));
};

/** An engine that was told to begin with the tag stops where the schema does; others write neither tag. */
const read: EnvelopeDialect['read'] = (text, protocol) => {
  const body = text
    .trim()
    .replace(/^<tool_call>/, '')
    .replace(/<\/tool_call>$/, '')
    .trim();
  const parsed = parseAnswer(body);
  return 'reason' in parsed
    ? { reading: badReading('schema', parsed.reason), said: escapeControls(text) }
    : { reading: readFunction(parsed.value, protocol), said: tagged(body) };
};

/** Tool calls as Hermes and Qwen models were taught them, mapped to and from the envelope. */
export const qwen: EnvelopeDialect = {
  name: 'qwen',
  digest: sha256([answerForm, beforeTools, finalDescription, afterTools].join('\n')),
  renderSystem: ({ prompt, protocol }) =>
    [
      prompt.trim(),
      `# Answers\n\n${answerForm}`,
      `${beforeTools}\n${toolsOf(protocol)}\n${afterTools}`,
    ].join('\n\n'),
  renderTask,
  renderReply: (reply) => `<tool_response>\n${renderReply(reply)}\n</tool_response>`,
  renderAnswer,
  schemaOf,
  prefill: `${openTag}\n`,
  read,
};
