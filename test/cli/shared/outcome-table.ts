// SPDX-License-Identifier: GPL-3.0-only
import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { renderOutcomes } from '../../../src/cli/shared/outcome-table.ts';
import type { Summary } from '../../../src/morning/summary.ts';

const reason = `work: ${'no idea at all '.repeat(12).trim()} in a/very/long/path/that/stays/whole.ts`;

const summary: Summary = {
  version: 1,
  night: '2026-11-21',
  startedAt: '2026-11-21T02:00:00Z',
  base: 'b'.repeat(40),
  profile: 'tiny',
  confinement: 'bubblewrap',
  specs: [
    {
      id: 'red',
      title: 'Red',
      flow: 'tiny',
      outcome: 'red-bin',
      reason,
      branch: null,
      commit: null,
      units: { approved: 0, red: 1, skipped: 0 },
      unitDetails: [],
      trace: 'red/_spec',
    },
  ],
  counts: { pullRequests: 1, redBins: 1, skipped: 2 },
  reviewers: [],
  engines: [],
  notices: [],
};

const render = (more: { mistakes?: readonly string[]; width?: number } = {}): readonly string[] => {
  const { mistakes = [], width } = more;
  const text = renderOutcomes(summary, { folder: 'f', repo: undefined, mistakes, width });
  return stripVTControlCharacters(text).split('\n');
};

test('specs that were not read come last, each on a line of its own', (t) => {
  const mistakes = ['specs/a.yaml:1:1: no title\nsay one', 'specs/b\u001b[2J.yaml: not UTF-8'];
  const lines = render({ mistakes });
  const at = lines.indexOf('Not read (2)');
  t.true(at > lines.indexOf('Red bins (1)'));
  t.deepEqual(lines.slice(at, at + 4), [
    'Not read (2)',
    '  specs/a.yaml:1:1: no title say one',
    '  specs/b.yaml: not UTF-8',
    '',
  ]);
  t.false(render().join().includes('Not read'));
});

test('a pull request is shown with its page, or with what keeps it from being sent', (t) => {
  const opened = {
    ...(summary.specs[0] as Summary['specs'][number]),
    outcome: 'pull-request',
  } as const;
  const specs = [
    { ...opened, branch: 'pantheon/a', url: 'https://github.test/octo/vault/pull/4' },
    { ...opened, branch: 'pantheon/b', waiting: 'GitHub cannot be reached' },
  ];
  const text = renderOutcomes(
    { ...summary, specs },
    { folder: 'f', repo: undefined, mistakes: [], width: undefined },
  );
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim());
  t.true(lines.includes('https://github.test/octo/vault/pull/4'));
  t.true(lines.includes('waits to be sent: GitHub cannot be reached'));
});

test('one thing is not called several', (t) => {
  t.regex(render().join('\n'), /^Night 2026-11-21: 1 pull request, 1 red bin, 2 skipped\./m);
});

test('a terminal gets reasons broken between words, a pipe one line', (t) => {
  t.true(render().includes(`    ${reason}`));
  const lines = render({ width: 60 });
  const from = lines.findIndex((line) => line.startsWith('    work: '));
  const units = lines.slice(from, lines.findIndex((line) => line.includes('whole.ts')) + 1);
  t.true(units.length > 3);
  t.true(units.every((line) => line.length <= 60 && /^ {4}\S/.test(line)));
  t.is(units.map((line) => line.trim()).join(' '), reason);
});

const measured = {
  requests: 12,
  failures: 0,
  retries: 0,
  tokens: { prompt: 1, cached: 0, completion: 1 },
  busySeconds: 1,
  batch: 3.5,
  tokensPerSecond: 100,
  prefixHitRate: 0,
  queueMs: { mean: 0, p95: 0, max: 0 },
};

test('an engine that serves a model has its line before the last ones', (t) => {
  const engines: Summary['engines'] = [
    {
      engine: 'ollama',
      model: 'qwen3:4b\u001b[2J',
      origin: 'loopback',
      since: 'start',
      slots: 4,
      ...measured,
      agents: [],
    },
  ];
  const text = renderOutcomes(
    { ...summary, engines },
    { folder: 'f', repo: undefined, mistakes: [], width: undefined },
  );
  const lines = stripVTControlCharacters(text).split('\n');
  const at = lines.indexOf('Engines (1)');
  t.deepEqual(lines.slice(at + 1, at + 4), [
    '  ollama qwen3:4b, 4 slots: 12 requests, 3.5 at once on average, 100 tokens/s, 0 % of the prompts from the prefix cache, queue wait 0.0 s (95 % under 0.0 s)',
    '',
    'Night 2026-11-21: 1 pull request, 1 red bin, 2 skipped. Report: f/report.html',
  ]);
});
