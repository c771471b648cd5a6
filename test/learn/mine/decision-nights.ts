// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import { answer } from '../../../actions/doc-frontmatter/rules/default.ts';
import { renderReply, renderTask, renderTranscript } from '../../../src/agent/conversation.ts';
import { decision } from '../../../src/agent/dialects/decision.ts';
import type { Input } from '../../../src/agent/schema.ts';
import { openChores } from '../../../src/chore/chores.ts';
import type { OpenDecision } from '../../../src/chore/decide/decision.ts';
import { unitDecision } from '../../../src/chore/decide/unit-decision.ts';
import { canonicalJson } from '../../../src/data/digest.ts';
import type { Message } from '../../../src/engine/contract/engine.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import type { Bundles } from '../../morning/page/sample-night.ts';
import { specSummary } from '../../morning/summaries.ts';
import { minedUnit, mineNight } from './sample-nights.ts';

export const picker = 'doc.frontmatter';

/** As `decide.txt` of the agent stands in these tests. */
export const decideText = 'Pick one name for each question.\n';

export const makers = { chores: openChores(), prompts: new Map([[picker, decideText]]) };

export type Note = { readonly path: string; readonly text: string };

/** The input of a unit that normalises one note. */
export const noteInput = ({ path, text }: Note): Input => {
  const spec = normaliseSpec(
    specFileSchema.parse({
      title: 'Normalise the notes',
      scope: '**/*.md',
      acceptance: ['The frontmatter of every note is normalised'],
    }),
    'tidy',
  );
  return {
    ...{ spec, unit: { id: path, kind: 'file', paths: [path] }, inputs: {} },
    ...{ path, body: text, rules: spec.rules },
  };
};

/** What a note leaves to decide. */
export const decisionOf = async (note: Note): Promise<OpenDecision> => {
  const decided = await unitDecision(noteInput(note), picker, makers.chores);
  if ('refused' in decided) throw new Error(decided.refused);
  return decided;
};

const fileOf = (args: unknown): string =>
  `${canonicalJson({ step: 1, name: 'set_frontmatter', args, verdict: { allow: true }, result: {} })}\n`;

const tool = canonicalJson({ name: 'set_frontmatter', description: 'Sets.', args: {} });

/** What the rules leave of a note, answered by the rules themselves. */
export const ruledFiles = async (note: Note): Promise<BundleFiles> => {
  const messages: Message[] = [
    { role: 'system', content: `Keep notes tidy.\n\n# Tools\n\n${tool}` },
    { role: 'user', content: renderTask(noteInput(note)) },
  ];
  const call = await answer(messages, makers.chores);
  const { args } = JSON.parse(call);
  const result = { changed: true, keys: [] };
  messages.push(
    { role: 'assistant', content: call },
    { role: 'user', content: renderReply({ tool: 'set_frontmatter', result }) },
  );
  messages.push({ role: 'assistant', content: await answer(messages, makers.chores) });
  return {
    'prompt.txt': renderTranscript(messages),
    'tool_calls.jsonl': fileOf(args),
    'metrics.json': canonicalJson({ steps: 2, startedAt: 1, ms: 1 }),
    'input.json': canonicalJson(noteInput(note)),
  };
};

/** What a model leaves that picked these names. */
export const pickedFiles = async (
  note: Note,
  names: readonly string[],
  more: BundleFiles = {},
): Promise<BundleFiles> => {
  const decided = await decisionOf(note);
  const dialect = decision.of(decided, decideText);
  const picks = decided.questions.flatMap(({ candidates }, at) =>
    candidates.filter(({ name }) => name === names[at]),
  );
  const written = decided.write(picks);
  return {
    'prompt.txt': renderTranscript([
      { role: 'system', content: dialect.renderSystem() },
      { role: 'user', content: dialect.renderTask(noteInput(note)) },
      { role: 'assistant', content: dialect.renderAnswer(picks) },
      { role: 'user', content: 'Done.' },
    ]),
    'tool_calls.jsonl': fileOf('args' in written ? written.args : {}),
    'metrics.json': canonicalJson({ steps: 1, runtime: { dialect: 'decision' } }),
    'input.json': canonicalJson(noteInput(note)),
    ...more,
  };
};

/** A green unit about a note, worked by whoever left these files. */
export const noteUnit = (id: string, { path }: Note, files: BundleFiles): Bundles =>
  Object.fromEntries(
    Object.entries(minedUnit(id, { path })).map(([place, others]) =>
      place === `${id}/doc` ? [`${id}/${picker}`, { ...others, ...files }] : [place, others],
    ),
  );

/** Mines a night in which rules worked these notes, each by a spec of its own. */
export const mineNotes = async (t: ExecutionContext, notes: readonly Note[], heldOut = 0) =>
  mineNight(
    t,
    await Promise.all(
      notes.map(async (note, at) => {
        const id = `u${at}`;
        const unitDetails = [{ id, state: 'approved' as const, paths: [note.path] }];
        const bundles = noteUnit(id, note, await ruledFiles(note));
        return [specSummary(`s${at}`, { unitDetails }), bundles] as const;
      }),
    ),
    { makers, agent: picker, heldOut },
  );
