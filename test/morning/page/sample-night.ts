// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecSummary, Summary } from '../../../src/morning/summary.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { summaryOf } from '../summaries.ts';

/** The files of one bundle by `unit/node`. */
export type Bundles = Readonly<Record<string, BundleFiles>>;

export const diffOf = (path: string, line: string): string =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,2 @@\n # Title\n+${line}\n`;

const metrics = JSON.stringify({ startedAt: Date.parse('2026-11-21T02:00:00Z'), ms: 1500 });

/** The bundles of a unit that went through: a patch, its tests and two approvals. */
export const unitBundles = (unit: string, line = 'A line.'): Bundles => ({
  [`${unit}/doc`]: {
    'prompt.txt': 'system: keep notes tidy',
    'tool_calls.jsonl': `${JSON.stringify({ step: 1, name: 'read_file', args: { path: 'a.md' }, result: { text: '# Title' } })}\n`,
    'output.json': JSON.stringify({ status: 'ok', notes: 'wrote a line' }),
    'diff.patch': diffOf('a.md', line),
    'metrics.json': metrics,
  },
  [`${unit}/test`]: {
    'output.json': JSON.stringify({ status: 'ok', notes: '4 passed' }),
    'tests.log': 'ok 1 - has a title\n',
    'metrics.json': metrics,
  },
  ...Object.fromEntries(
    ['reviewA', 'reviewB'].map((node) => [
      `${unit}/${node}`,
      {
        'review.json': JSON.stringify({ verdict: 'approve', findings: [] }),
        'metrics.json': metrics,
      },
    ]),
  ),
});

/** Writes a night's bundles and `summary.json` into a folder. */
export const writeNightFolder = (
  folder: string,
  specs: readonly (readonly [SpecSummary, Bundles])[],
  more: Partial<Summary> = {},
): Summary => {
  const traces = openTraces(folder);
  for (const [{ id }, bundles] of specs) {
    for (const [place, files] of Object.entries(bundles)) {
      const [unit = '', node = ''] = place.split('/');
      const facts = { night: '2026-11-21', agent: `${node}@1.0.0`, inputs: [] };
      traces.write({ spec: id, unit, node }, files, facts);
    }
    if (Object.keys(bundles).length > 0) traces.pack(id);
  }
  const summary = summaryOf(
    specs.map(([spec]) => spec),
    more,
  );
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary));
  return summary;
};
