// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { agentTraceOf } from '../../../src/learn/export/agent-trace.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { specSummary } from '../../morning/summaries.ts';
import { usage } from '../../trace/sample-spec.ts';
import { makeRepository, temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

/** What https://agent-trace.dev/schemas/v1/trace-record.json lets a record be. */
const line = z.int().min(1);
const related = z.strictObject({ type: z.string(), url: z.url() });
const recordSchema = z.strictObject({
  version: z.string().regex(/^[0-9]+\.[0-9]+$/),
  id: z.uuid(),
  timestamp: z.iso.datetime(),
  vcs: z.strictObject({ type: z.literal('git'), revision: z.string().regex(/^[0-9a-f]{40}$/) }),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  files: z.array(
    z.strictObject({
      path: z.string(),
      conversations: z.array(
        z.strictObject({
          url: z.url().optional(),
          contributor: z
            .strictObject({
              type: z.enum(['human', 'ai', 'mixed', 'unknown']),
              model_id: z.string().max(250).optional(),
            })
            .optional(),
          ranges: z.array(z.strictObject({ start_line: line, end_line: line })),
          related: z.array(related).optional(),
        }),
      ),
    }),
  ),
  metadata: z.record(z.string(), z.unknown()),
});

const summary = { night: '2026-11-21', startedAt: '2026-11-21T02:00:00Z' };

const record = async (t: ExecutionContext, files: BundleFiles, commit = 'c'.repeat(40)) => {
  const traces = openTraces(temporaryFolder(t));
  const address = { spec: 'tidy', unit: 'a-1', node: 'work' };
  traces.write(address, files, { night: 'n', agent: 'doc.front@1.2.0', inputs: [] });
  const url = 'https://github.example/acme/site/pull/7';
  const spec = { ...specSummary('tidy', { url }), commit };
  return recordSchema.parse(
    await agentTraceOf(
      summary,
      spec,
      [traces.read(address)].flatMap((one) => one ?? []),
      '1.0.0',
    ),
  );
};

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join('');

test('its ranges are the lines that git blames on the commit', async (t) => {
  const { folder, run, head } = makeRepository(t, {
    'a.md': numbered(0, 60),
    'gone.md': 'old\n',
    'less.md': numbered(0, 9),
    'end.md': 'no line feed',
  });
  writeFiles(folder, {
    'a.md': `first\n${numbered(0, 20)}new 1\nnew 2\n${numbered(21, 40)}${numbered(45, 60)}last\n`,
    'deep/new.md': 'one\ntwo\n',
    'less.md': numbered(0, 5),
    'end.md': 'no line feed\nsecond',
    'bytes.bin': Buffer.from([0, 1, 2, 255]),
  });
  run(['rm', '-q', 'gone.md']);
  run(['add', '-A']);
  run(['commit', '-q', '-m', 'Change']);
  const commit = run(['rev-parse', 'HEAD']).trim();
  const diff = run(['diff', '--binary', '--full-index', head, commit]);
  const { files, vcs } = await record(t, { 'diff.patch': diff }, commit);
  t.is(vcs.revision, commit);
  t.deepEqual(
    files.map(({ path }) => path),
    ['a.md', 'deep/new.md', 'end.md'],
  );
  for (const { path, conversations } of files) {
    const blamed = run(['blame', '--porcelain', commit, '--', path])
      .split('\n')
      .flatMap((row) => {
        const [oid, , final] = /^[0-9a-f]{40} /.test(row) ? row.split(' ') : [];
        return oid === commit ? [Number(final)] : [];
      });
    const told = conversations[0]?.ranges.flatMap(({ start_line: from, end_line: to }) =>
      Array.from({ length: to - from + 1 }, (_, at) => from + at),
    );
    t.deepEqual(told, blamed, path);
  }
});

test('a model is named where one answered; of rules nobody is', async (t) => {
  const diff = `diff --git a/a b/a\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\n--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n`;
  const byModel = await record(t, { 'diff.patch': diff, 'metrics.json': JSON.stringify(usage) });
  const [conversation] = byModel.files[0]?.conversations ?? [];
  t.deepEqual(conversation, {
    contributor: { type: 'ai', model_id: 'Qwen/Qwen3-8B' },
    ranges: [{ start_line: 1, end_line: 1 }],
    related: [{ type: 'pull-request', url: 'https://github.example/acme/site/pull/7' }],
  });
  const byRules = await record(t, { 'diff.patch': diff, 'metrics.json': '{}' });
  t.false('contributor' in (byRules.files[0]?.conversations[0] ?? {}));
  t.is(byRules.id, byModel.id, 'exported again it is the same record');
  t.not((await record(t, { 'diff.patch': diff }, 'd'.repeat(40))).id, byModel.id);
});

test('a patch that is none is refused by the step that left it', async (t) => {
  await t.throwsAsync(record(t, { 'diff.patch': 'no patch\n' }), {
    message: /tidy\/a-1\/work: has a patch that is none/,
  });
});
