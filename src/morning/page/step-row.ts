// SPDX-License-Identifier: GPL-3.0-only
import type { Bundle, BundleAddress } from '../../trace/bundle.ts';
import { asText, itemsOf, parseJson, valueAt } from '../../trace/shown-values.ts';
import type { CallRow, StepRow } from '../client/page-data.ts';

/** Characters of a step's longest texts that the page carries; `pantheon trace show` has them whole. */
const most = { notes: 2000, prompt: 16_000, diff: 40_000, log: 12_000, value: 2000 } as const;

const mostCalls = 100;

/** A bundle as the page shows it. Nothing in it is believed to have the form it should have. */
export const stepRowOf = ({ address, facts, files }: Bundle): StepRow => {
  const output = parseJson(files['output.json']);
  const error = parseJson(files['error.json']);
  const milliseconds = valueAt(parseJson(files['metrics.json']), 'ms');
  const failed = files['error.json'] !== undefined || valueAt(output, 'status') === 'fail';
  return {
    unit: address.unit,
    node: address.node,
    agent: facts.agent,
    status: failed ? 'failed' : 'ok',
    seconds: typeof milliseconds === 'number' ? milliseconds / 1000 : null,
    notes: cut(notesOf(output, error, parseJson(files['review.json'])), most.notes),
    calls: callRows(files['tool_calls.jsonl'] ?? ''),
    ...cutTexts(files),
  };
};

/** A row without a bundle, with the reason. */
export const bareRow = (
  { unit, node }: BundleAddress,
  status: StepRow['status'],
  reason: string,
): StepRow => ({
  unit,
  node,
  agent: '',
  status,
  seconds: null,
  notes: cut(reason, most.notes),
  calls: [],
});

const notesOf = (output: unknown, error: unknown, review: unknown): string => {
  const findings = itemsOf(valueAt(review, 'findings')).map(String);
  const verdict = asText(valueAt(review, 'verdict'));
  return [
    asText(valueAt(error, 'code')) && `${valueAt(error, 'code')}: ${valueAt(error, 'message')}`,
    asText(valueAt(error, 'advice')),
    verdict && `${verdict}${findings.length > 0 ? `: ${findings.join('; ')}` : ''}`,
    asText(valueAt(output, 'notes')),
  ]
    .filter((note) => note !== '')
    .join('\n');
};

const callRows = (lines: string): readonly CallRow[] => {
  const rows = lines.split('\n').filter((line) => line !== '');
  return rows.slice(0, mostCalls).map((line) => {
    const call = parseJson(line);
    const error = valueAt(call, 'error');
    return {
      name: asText(valueAt(call, 'name')) || 'a call that cannot be read',
      args: cut(textOf(valueAt(call, 'args')), most.value),
      result: cut(textOf(error ?? valueAt(call, 'result')), most.value),
      failed: call === undefined || error !== undefined,
    };
  });
};

const textOf = (value: unknown): string =>
  value === undefined ? '' : JSON.stringify(value, null, 1);

const cutTexts = (files: Bundle['files']): Pick<StepRow, 'prompt' | 'diff' | 'log'> => {
  const { 'prompt.txt': prompt, 'diff.patch': diff, 'tests.log': log } = files;
  return {
    ...(prompt !== undefined && { prompt: cut(prompt, most.prompt) }),
    ...(diff !== undefined && { diff: cut(diff, most.diff) }),
    // The end of a log says how it ended.
    ...(log !== undefined && { log: cut(log, most.log, 'start') }),
  };
};

const cut = (text: string, length: number, from: 'start' | 'end' = 'end'): string => {
  if (text.length <= length) return text;
  const told = `[${text.length - length} characters more: "pantheon trace show" has them]`;
  return from === 'end'
    ? `${text.slice(0, length).toWellFormed()}\n${told}`
    : `${told}\n${text.slice(-length).toWellFormed()}`;
};
