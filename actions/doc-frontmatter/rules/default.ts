// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Envelope, ToolCall } from '../../../src/agent/envelope.ts';
import type { Input } from '../../../src/agent/schema.ts';
import type { Chores } from '../../../src/chore/chores.ts';
import { readAskedOf } from '../../../src/chore/read-asked.ts';
import type { Message } from '../../../src/engine/contract/engine.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import { commitDaysOf } from '../../../src/markdown/commit-days.ts';
import { frontmatterArgs } from '../../../src/markdown/decide/note-decision.ts';
import { isRefused, type Refused } from '../../../src/markdown/decode-markdown.ts';
import { type Demands, demandsOf } from '../../../src/markdown/demands.ts';
import { normaliseNote } from '../../../src/markdown/normalise-note.ts';

/** Normalises frontmatter by rule: one call of `set_frontmatter` or none, then the final answer. */
export const answer: Specialist = (messages, chores) => JSON.stringify(next(messages, chores));

const next = (messages: readonly Message[], chores: Chores): Envelope => {
  const task = messages.find(({ role }) => role === 'user');
  if (!task) return fail('there is no task in the conversation');
  const input = parseTask(task);
  const reply = parseReplies(messages).at(-1);
  if (reply && 'error' in reply) {
    return fail(`set_frontmatter could not do it (${reply.error.code}): ${reply.error.reason}`);
  }
  if (reply) return done(reply.result);
  const plan = planEdit(input, chores);
  if (isRefused(plan)) return fail(plan.refused);
  if (!plan.changed) return final('ok', 'nothing to change', { changed: false, keys: [] });
  return { type: 'tool', name: 'set_frontmatter', args: plan.args };
};

type Plan = { readonly changed: boolean; readonly args: ToolCall['args'] };

const planEdit = (input: Input, chores: Chores): Plan | Refused => {
  const { path, body, spec } = input;
  if (path === undefined || body === undefined) {
    return {
      refused: 'the document is not in the input: it is not UTF-8 text, or the unit is not a file',
    };
  }
  const demands = readDemands({ ...spec, rules: input.rules ?? spec.rules }, path, chores);
  if (isRefused(demands)) return { refused: `cannot do this spec: ${demands.refused}` };
  const normalised = normaliseNote(
    { path, text: body, days: commitDaysOf(input.with, path) },
    demands,
  );
  if (isRefused(normalised)) return normalised;
  const { edit, text } = normalised;
  return { changed: text !== body, args: frontmatterArgs(path, edit) as ToolCall['args'] };
};

const readDemands = (spec: Input['spec'], path: string, chores: Chores): Demands | Refused => {
  const asked = readAskedOf('doc.frontmatter', spec, chores);
  return 'refused' in asked ? asked : demandsOf(asked, spec.rules, path);
};

const done = (result: unknown): Envelope => {
  const { keys } = (result ?? {}) as { readonly keys?: unknown };
  const named = Array.isArray(keys) ? keys.map(String) : [];
  const notes = named.length > 0 ? `set ${named.join(', ')}` : 'reordered the keys';
  return final('ok', notes, { changed: true, keys: named });
};

const fail = (notes: string): Envelope => final('fail', notes, { changed: false, keys: [] });

const final = (
  status: 'ok' | 'fail',
  notes: string,
  result: { readonly changed: boolean; readonly keys: readonly string[] },
): Envelope => ({
  type: 'final',
  output: {
    status,
    notes,
    metrics: { keys: result.keys.length },
    result: { changed: result.changed, keys: [...result.keys] },
  },
});
