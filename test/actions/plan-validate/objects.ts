// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { run } from '../../../actions/plan-validate/agent.ts';
import { contextOf } from '../../../bench/docs/chore.ts';
import { agentSchema, type ModelManifest } from '../../../src/agent/schema.ts';
import type { DependencyFinder } from '../../../src/boundary/dependencies.ts';
import { gateSchema } from '../../../src/config/schema.ts';
import { parsePlaced } from '../../../src/data/read-document.ts';
import { normaliseSpec, type SpecFile, specFileSchema } from '../../../src/spec/schema.ts';
import { patchedOverlay } from '../../tool/patched-overlay.ts';

const agentIn = (agent: string): ModelManifest => {
  const name = `actions/${agent}/agent.yaml`;
  const text = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
  return parsePlaced({ name, text }, agentSchema).data as ModelManifest;
};

export const doc = agentIn('doc-frontmatter');
export const codegen = agentIn('codegen');

const files = {
  'docs/guide.md': '# Guide\n',
  'docs/deep/page.md': '# Page\n',
  'docs/picture.png': Buffer.from([0x89]),
  'notes/Über uns.md': '# Us\n',
  'src/a.ts': 'export const a = 1;\n',
  '.github/workflows/ci.yml': 'on: push\n',
};

export type Row = {
  readonly spec?: Partial<SpecFile>;
  readonly worker?: ModelManifest | null;
  readonly gate?: object;
  readonly engine?: 'rules' | 'vllm';
  readonly dependencies?: DependencyFinder;
  readonly ahead?: boolean;
  readonly files?: Readonly<Record<string, string>>;
};

/** What the plan says of a spec, on a few notes and a module. */
export const plan = async (
  t: ExecutionContext,
  { spec = {}, worker = doc, gate = {}, engine = 'rules', files: more = {}, ...rest }: Row,
) => {
  const overlay = await patchedOverlay(t, { ...files, ...more });
  const input = {
    spec: normaliseSpec(
      specFileSchema.parse({
        title: 'Tidy',
        scope: 'docs/',
        acceptance: [
          worker?.name === codegen.name
            ? 'Rename `a` to `b`'
            : 'The frontmatter of every note is normalised',
        ],
        ...spec,
      }),
      'tidy',
    ),
    unit: { id: '_spec', kind: 'spec' as const, paths: [] },
    inputs: {},
  };
  return run({
    ...contextOf(input, overlay),
    ...rest,
    workers: worker === null ? [] : [worker],
    gate: gateSchema.parse(gate),
    engines: new Set([engine]),
  });
};

/** The plan objects, and says what to do. */
export const objects = test.macro(
  async (t, row: Row, message: RegExp, advice: RegExp): Promise<void> => {
    const { failure, result } = await plan(t, row);
    t.is(failure?.code, 'plan');
    t.regex(failure?.finding ?? '', /^plan\.(?!refused)/);
    t.regex(failure?.message ?? '', message);
    t.regex(failure?.advice ?? '', advice);
    t.deepEqual(result, { units: [], files: 0 });
  },
);
