// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { renderTranscript } from '../../src/agent/conversation.ts';
import { canonicalJson } from '../../src/data/digest.ts';
import type { BundleFiles } from '../../src/trace/bundle.ts';
import {
  mineNight,
  openedSpec,
  type SampleStep,
  type SampleUnit,
  wrote,
} from '../learn/mine/sample-nights.ts';
import { writeTinyModel } from '../tiny-model/tiny-model.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';

/** Longer than the limit at which TRL cuts rows where nobody says otherwise. */
const long = Array.from({ length: 600 }, (_, at) => `Line ${at} of a “note” — ü.`).join('\n');

const failed: SampleStep = { args: { path: 'b.md' }, error: 'no content' };

const kinds: readonly (readonly SampleStep[])[] = [
  [wrote('x')],
  [wrote('first'), wrote('second')],
  [failed, wrote('y')],
  [wrote(long)],
  [{ noise: 'Sure!' }, wrote('<|im_end|> and <think>')],
];

/** A tiny base, rows of a mined night and empty folders to train into; `args` are those of `pantheon train doc`. */
export const prepareTiny = async (t: ExecutionContext) => {
  const { folder } = makeRepository(t, { 'a.md': '# A\n' });
  const [models, work] = [temporaryFolder(t), temporaryFolder(t)];
  writeTinyModel(work);
  const { mined, out } = await mineManyUnits(t, 12, 24, 0.2);
  writeFileSync(join(out, 'dataset.json'), JSON.stringify(mined));
  const base = join(work, 'hf');
  const args = ['train', 'doc', '--base', base, '--rows', out, '--rank', '4', '--epochs', '2'];
  const env = { ...process.env, PANTHEON_MODELS: models, PANTHEON_STATE: work, PANTHEON_NIGHT: '' };
  return { folder, models, work, base, args, env };
};

/** A night of many units: calls, failures, both dialects and, among the first twelve, long notes; reviews are accepted. */
export const mineManyUnits = (t: ExecutionContext, first = 0, count = 12, heldOut = 0) => {
  const ids = Array.from({ length: count }, (_, at) => `u${first + at}`);
  return mineNight(
    t,
    ids.map((id, at) => openedSpec(`s${at}`, { [id]: sampleOf(first + at) })),
    { heldOut, decided: new Map(ids.map((id, at) => [`2026-11-21/s${at}/${id}`, 'accepted'])) },
  );
};

const sampleOf = (at: number): SampleUnit => ({
  path: `f${at}.md`,
  steps: [...(kinds[at < 12 ? at % kinds.length : at % 3] ?? []), wrote(`${at}`)],
  ...(at % 4 === 3 && { more: { doc: taggedFiles(`f${at}.md`) } }),
});

/** A conversation in Qwen's words: calls and the end between tags. */
const taggedFiles = (path: string): BundleFiles => {
  const tools = ['write_file', 'final'].map((name) =>
    JSON.stringify({
      type: 'function',
      function: { name, description: `It is ${name}.`, parameters: { type: 'object' } },
    }),
  );
  const call = (name: string, args: object): string =>
    `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
  const args = { path, content: 'z' };
  return {
    'prompt.txt': renderTranscript([
      {
        role: 'system',
        content: `Keep notes tidy.\n\n# Tools\n\n<tools>\n${tools.join('\n')}\n</tools>\n\nCall one.`,
      },
      { role: 'user', content: `unit: ${path}` },
      { role: 'assistant', content: call('write_file', args) },
      {
        role: 'user',
        content: '<tool_response>\n{"result":{},"tool":"write_file"}\n</tool_response>',
      },
      { role: 'assistant', content: call('final', { status: 'ok', notes: 'Done.', result: {} }) },
    ]),
    'tool_calls.jsonl': `${canonicalJson({ step: 1, name: 'write_file', args, verdict: { allow: true }, result: {} })}\n`,
    'metrics.json': canonicalJson({ steps: 2, startedAt: 1, ms: 1 }),
  };
};
