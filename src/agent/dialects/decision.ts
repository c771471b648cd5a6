// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { Choice, OpenDecision, Question } from '../../chore/decide/decision.ts';
import type { Runtime } from '../../config/schema.ts';
import { canonicalJson, type Json, sha256 } from '../../data/digest.ts';
import { escapeControls } from '../../engine/contract/control-tokens.ts';
import type { DecisionDialect, PickDialect } from '../dialect.ts';
import type { Final } from '../envelope.ts';
import type { JsonSchema, Protocol } from '../envelope-schema.ts';
import {
  badReading,
  describeIssues,
  parseAnswer,
  type Reading,
  readCall,
  readOutput,
} from '../read-envelope.ts';

/** Where nothing that is offered is right. */
const none = 'none';

/** Of a value that is shown: enough to tell it from the others [UTF-16 code units]. */
const mostShown = 120;

/** A name for each of a few questions. */
const maxOutputTokens = 256;

/** What is said beside the agent's own prompt. */
const words = { asked: 'Asked:', refused: 'Not done:', done: 'Done.' } as const;

/** Texts are JSON strings: none can add a line of its own. */
const shown = (value: Json): string => {
  const text = canonicalJson(value);
  return text.length > mostShown ? `${text.slice(0, mostShown).toWellFormed()}…` : text;
};

const candidateLine = ({ name, value }: Choice): string =>
  value === undefined ? `- ${name}` : `- ${name}: ${shown(value)}`;

const renderQuestion = ({ name, candidates }: Question): string =>
  [name, ...candidates.map(candidateLine), `- ${none}`].join('\n');

const schemaOf = (questions: readonly Question[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(
    questions.map(({ name, candidates }) => [
      name,
      { enum: [...candidates.map((candidate) => candidate.name), none] },
    ]),
  ),
  required: questions.map(({ name }) => name),
  additionalProperties: false,
});

/** What was picked for each question; the name of one that has no right candidate. */
const picksIn = (
  questions: readonly Question[],
  answer: unknown,
): readonly Choice[] | { readonly open: string } | { readonly fault: string } => {
  const parsed = z.record(z.string(), z.string()).safeParse(answer);
  if (!parsed.success) return { fault: describeIssues(parsed.error.issues) };
  const picks: Choice[] = [];
  for (const { name, candidates } of questions) {
    const picked = parsed.data[name];
    if (picked === none) return { open: name };
    const candidate = candidates.find((one) => one.name === picked);
    if (!candidate) return { fault: `${name}: pick one of its names` };
    picks.push(candidate);
  }
  return picks;
};

const declined = (notes: string): Reading => ({
  kind: 'final',
  output: { status: 'fail', notes, metrics: {}, result: {} },
});

const unsure = () => ({ refused: 'the model is not sure enough of what it picked' });

const readPicks = (
  { questions, write, writeUnsure = unsure }: OpenDecision,
  answer: unknown,
  protocol: Protocol,
  isSure: boolean,
): Reading => {
  const picks = picksIn(questions, answer);
  if ('open' in picks) return declined(`nothing that is offered for ${picks.open} is right`);
  if ('fault' in picks) return badReading('schema', picks.fault);
  const written = isSure ? write(picks) : writeUnsure(picks);
  if ('refused' in written) return declined(written.refused);
  if ('tool' in written) return readCall({ name: written.tool, args: written.args }, protocol);
  const { result, notes } = written;
  const output = { status: 'ok', notes, metrics: {}, result: result as Final['output']['result'] };
  return readOutput(output as Final['output'], protocol);
};

const of = (decision: OpenDecision, decide: string, least?: number): PickDialect => {
  const schema = schemaOf(decision.questions);
  return {
    name: 'decision',
    renderSystem: () => decide.trim(),
    renderTask: ({ spec: { acceptance } }) =>
      escapeControls(
        [
          ...acceptance.map((sentence) => `${words.asked} ${JSON.stringify(sentence)}`),
          ...decision.questions.map(renderQuestion),
        ].join('\n'),
      ),
    renderReply: (reply) =>
      escapeControls(
        'error' in reply ? `${words.refused} ${JSON.stringify(reply.error.reason)}` : words.done,
      ),
    renderAnswer: (picks) =>
      JSON.stringify(
        Object.fromEntries(decision.questions.map(({ name }, at) => [name, picks[at]?.name])),
      ),
    schemaOf: () => schema,
    confidence: least,
    read: (text, protocol, confidence = 0) => {
      const isSure = least === undefined || confidence >= least;
      const parsed = parseAnswer(text);
      return {
        reading:
          'reason' in parsed
            ? badReading('schema', parsed.reason)
            : readPicks(decision, parsed.value, protocol, isSure),
        said: escapeControls(text),
      };
    },
    conclude: (result) => ({
      status: 'ok',
      notes: 'picked from what the note offers',
      metrics: {},
      result: result as Final['output']['result'],
    }),
    maxOutputTokens,
  };
};

/**
 * For a small model: it sees candidates by name in plain text, the answer is one name for each question, and the
 * call that writes them is worked out, and its result is the agent's; or the result is.
 */
export const decision: DecisionDialect = {
  name: 'decision',
  digest: sha256([...Object.values(words), none].join('\n')),
  view: 'words',
  maxOutputTokens,
  of: (open, decide) => of(open, decide),
};

/** The dialect with a view and a least confidence that a profile sets; both are part of the digest. */
export const decisionIn = (
  view: Runtime['view'],
  least?: Runtime['confidence'],
): DecisionDialect => {
  if (view === undefined && least === undefined) return decision;
  return {
    ...decision,
    view: view ?? decision.view,
    digest: sha256(
      [decision.digest, view ?? '', ...(least === undefined ? [] : [least])].join(' '),
    ),
    of: (open, decide) => of(open, decide, least),
  };
};
