// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { renderTranscript } from '../../../src/agent/conversation.ts';
import { openChores } from '../../../src/chore/chores.ts';
import { canonicalJson, sha256 } from '../../../src/data/digest.ts';
import { type Mined, type MineOptions, mine } from '../../../src/learn/mine/mine.ts';
import type { SpecSummary } from '../../../src/morning/summary.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { type Bundles, diffOf, writeNightFolder } from '../../morning/page/sample-night.ts';
import { specSummary } from '../../morning/summaries.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

/** A step of a model: a call and what came of it, or an answer that cannot be read. */
export type SampleStep =
  | { readonly args: Readonly<Record<string, unknown>>; readonly error?: string }
  | { readonly noise: string };

export const wrote = (content: string): SampleStep => ({ args: { content, path: 'a.md' } });

const tool = {
  name: 'write_file',
  description: 'Writes a file.',
  args: { type: 'object', properties: { path: { type: 'string' }, content: {} } },
};
const system = `Keep notes tidy.\n\n# Answers\n\nJSON.\n\n# Tools\n\n${canonicalJson(tool)}`;

/** What a model's node leaves: its conversation about a task, and the calls that were made. */
export const modelFiles = (task: string, steps: readonly SampleStep[]): BundleFiles => {
  const lines = steps.map((step, index) => {
    if ('noise' in step) {
      return { said: step.noise, reply: { error: { code: 'schema', reason: 'no JSON' } } };
    }
    const { args, error } = step;
    const fault = error === undefined ? undefined : { code: 'tool-args', reason: error };
    const came = fault ? { error: fault } : { result: { bytes: 1 } };
    return {
      said: canonicalJson({ type: 'tool', name: tool.name, args }),
      reply: { tool: tool.name, ...came },
      call: { step: index + 1, name: tool.name, args, verdict: { allow: true }, ...came },
    };
  });
  const output = { status: 'ok', notes: 'done', metrics: {}, result: {} };
  return {
    'prompt.txt': renderTranscript([
      { role: 'system', content: system },
      { role: 'user', content: task },
      ...lines.flatMap(({ said, reply }) => [
        { role: 'assistant', content: said } as const,
        { role: 'user', content: canonicalJson(reply) } as const,
      ]),
      { role: 'assistant', content: canonicalJson({ type: 'final', output }) },
    ]),
    'tool_calls.jsonl': lines
      .flatMap(({ call }) => (call ? [`${canonicalJson(call)}\n`] : []))
      .join(''),
    'metrics.json': canonicalJson({ steps: steps.length + 1, startedAt: 1, ms: 1 }),
  };
};

export type SampleUnit = {
  readonly path?: string;
  /** What the file held: equal contents are equal blobs. */
  readonly base?: string;
  readonly acceptance?: readonly string[];
  readonly steps?: readonly SampleStep[];
  /** Replaces or adds files of a bundle, by node. */
  readonly more?: Readonly<Record<string, BundleFiles>>;
};

/** The bundles of a unit that went through, about one file. */
export const minedUnit = (unit: string, sample: SampleUnit = {}): Bundles => {
  const { path = 'a.md', base = path, steps = [wrote('x')], more = {} } = sample;
  const { acceptance = ['Notes are tidy'] } = sample;
  const [patchDigest, oid] = [sha256(unit), sha256(base).slice(0, 40)];
  const changes = [{ path, mode: '100644', baseOid: oid, oid: sha256(oid).slice(0, 40) }];
  const output = { status: 'ok', notes: 'done', metrics: {}, result: {} };
  const work = { ...output, diff: diffOf(path, 'A line.'), patchDigest, changes };
  const input = { spec: { acceptance }, unit: { id: unit, kind: 'file', paths: [path] } };
  const review = (reviewer: string): BundleFiles => ({
    ...modelFiles(`review: ${unit} ${path} by ${reviewer}`, []),
    'input.json': canonicalJson({ ...input, inputs: { doc: work } }),
    'output.json': canonicalJson({ ...output, result: { verdict: 'approve', findings: [] } }),
    'review.json': canonicalJson({
      ...{ verdict: 'approve', findings: [], patchDigest, reviewer, runtime: 'r' },
    }),
  });
  const files: Readonly<Record<string, BundleFiles>> = {
    doc: {
      ...modelFiles(`unit: ${path}`, steps),
      'input.json': canonicalJson({ ...input, inputs: {} }),
      'output.json': canonicalJson(work),
      'diff.patch': work.diff,
    },
    test: { 'output.json': canonicalJson(output), 'tests.log': 'ok\n' },
    reviewA: review('reviewA'),
    reviewB: review('reviewB'),
  };
  return Object.fromEntries(
    Object.entries(files).map(([node, own]) => [`${unit}/${node}`, { ...own, ...more[node] }]),
  );
};

/** A spec whose pull request was opened with these units. */
export const openedSpec = (
  id: string,
  units: Readonly<Record<string, SampleUnit>>,
  more: Bundles = {},
): readonly [SpecSummary, Bundles] => [
  specSummary(id, {
    unitDetails: Object.keys(units).map((unit) => ({
      id: unit,
      state: 'approved',
      paths: [units[unit]?.path ?? 'a.md'],
    })),
  }),
  {
    ...Object.assign({}, ...Object.entries(units).map(([id, unit]) => minedUnit(id, unit))),
    ...more,
  },
];

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Mines one night of these specs; rows by file, each parsed again. */
export const mineNight = async (
  t: ExecutionContext,
  specs: readonly (readonly [SpecSummary, Bundles])[],
  options: Partial<MineOptions> = {},
): Promise<{ readonly mined: Mined; readonly rows: Rows; readonly out: string }> => {
  const [night, out] = [join(temporaryFolder(t), '2026-11-21'), temporaryFolder(t)];
  mkdirSync(night);
  writeNightFolder(night, specs);
  const mined = await mine({
    nights: [night],
    decided: new Map(),
    stageOf: () => 1,
    makers: { chores: openChores(), prompts: new Map() },
    heldOut: 0,
    out,
    ...options,
  });
  const rows = Object.fromEntries(
    (options.out === undefined && 'out' in options ? [] : mined.files).map(({ name }) => {
      const lines = readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
      return [name, lines.map((line) => JSON.parse(line))];
    }),
  );
  return { mined, rows, out };
};
