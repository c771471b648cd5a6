// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { EngineSummary } from '../../src/morning/summary.ts';
import { measuredEngine, reportLines, specSummary, summaryOf } from './summaries.ts';

test('what each engine did is told, and for each agent', (t) => {
  const lines = reportLines(summaryOf([specSummary('one')], { engines: [measuredEngine] }));
  t.deepEqual(lines.slice(lines.indexOf('## Engines')), [
    '## Engines',
    '',
    '- `vllm Qwen/Qwen3-8B`, 64 slots: 4000 requests, 61.2 at once on average, 2381 tokens/s, 87 % of the prompts from the prefix cache, queue wait 0.8 s (95 % under 2.1 s)',
    '  - `doc.frontmatter`: 2000 requests, 31.0 at once on average, 2381 tokens/s, 87 % of the prompts from the prefix cache, queue wait 0.8 s (95 % under 2.1 s)',
    '  - `review.peer`: 1 request, 61.2 at once on average, 2381 tokens/s, queue wait 9.9 s (95 % under 12 s), 3 sent again while it was busy, 1 failed',
    '  - `codegen`: not asked',
    '',
  ]);
});

const hints: Readonly<Record<string, readonly [Partial<EngineSummary>, RegExp]>> = {
  'of its last part only': [{ since: 'resume' }, /\); since the night was resumed$/],
  'that the batch was small': [{ batch: 7.9 }, /\); the batch stayed small: /],
  'nothing of a small engine': [{ batch: 3, slots: 4 }, /2\.1 s\)$/],
  'nothing of few requests': [{ batch: 3, requests: 200 }, /2\.1 s\)$/],
};

for (const [what, [more, expected]] of Object.entries(hints)) {
  test(`an engine's line tells ${what}`, (t) => {
    const lines = reportLines(
      summaryOf([], { engines: [{ ...measuredEngine, ...more, agents: [] }] }),
    );
    t.regex(lines[lines.indexOf('## Engines') + 2] ?? '', expected);
  });
}
