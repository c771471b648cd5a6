// SPDX-License-Identifier: GPL-3.0-only

import { z } from 'zod';
import { type LoopOptions, type LoopResult, runLoop } from '../../src/agent/loop.ts';
import {
  type Input,
  type LoopLimits,
  type ModelManifest,
  modelAgentSchema,
} from '../../src/agent/schema.ts';
import { createPathVerifier } from '../../src/boundary/verifier.ts';
import { openChores } from '../../src/chore/chores.ts';
import type { Engine } from '../../src/engine/contract/engine.ts';
import { createRulesEngine } from '../../src/engine/rules/engine.ts';
import type { Specialist } from '../../src/engine/rules/specialist.ts';
import { normaliseSpec, specFileSchema } from '../../src/spec/schema.ts';
import { defineTool, type Tool, ToolFault } from '../../src/tool/tool.ts';
import { writeFile } from '../../src/tool/write-file.ts';
import type { BaseTree } from '../../src/workspace/base-tree.ts';
import { Denied } from '../../src/workspace/denied.ts';
import { createOverlay } from '../../src/workspace/overlay.ts';

export const agent: ModelManifest = modelAgentSchema.parse({
  kind: 'model',
  name: 'tester',
  version: '1',
  description: 'For tests',
  role: 'work',
  out: {
    type: 'object',
    properties: { changed: { type: 'boolean' } },
    required: ['changed'],
    additionalProperties: false,
  },
});

const tool = (name: string, run: Tool['run'], more: Partial<Tool> = {}): Tool => ({
  name,
  description: `The tool ${name}`,
  args: z.strictObject({ text: z.string().default('') }),
  result: z.strictObject({ text: z.string() }),
  touches: () => ({}),
  run,
  ...more,
});

const circle: Record<string, unknown> = {};
circle.self = circle;

/** One tool per way to behave. */
export const tools: readonly Tool[] = [
  tool('echo', (args) => args),
  tool('faulty', () => {
    throw new ToolFault('no such note');
  }),
  tool('throwing', () => {
    throw new TypeError('boom');
  }),
  tool('throwing_text', () => {
    throw 'only text';
  }),
  tool('forbidden', () => {
    throw new Denied('secret', 'it holds a secret');
  }),
  tool('off_schema', () => ({ text: 7 })),
  tool('circular', () => circle, { result: z.unknown() }),
  tool('hanging', () => new Promise(() => {})),
  tool('untouchable', (args) => args, {
    touches: () => {
      throw new Error('cannot say');
    },
  }),
  defineTool({
    name: 'strict',
    description: 'Takes a number',
    args: z.strictObject({ count: z.int().min(1) }),
    result: z.strictObject({}),
    touches: () => ({}),
    run: () => ({}),
  }),
  writeFile,
];

export const input: Input = {
  spec: normaliseSpec(
    specFileSchema.parse({ title: 'Add header', scope: 'docs/', acceptance: ['All have it'] }),
    'add-header',
  ),
  unit: { id: 'unit', kind: 'file', paths: ['docs/note.md'] },
  inputs: {},
};

const emptyTree: BaseTree = {
  repository: '/nowhere',
  commit: '0'.repeat(40),
  entries: new Map(),
  read: async () => new Uint8Array(),
  close: async () => {},
};

export const reach = {
  mayRead: (path: string) => path.startsWith('docs/'),
  mayWrite: (path: string) => path.startsWith('docs/'),
  writable: ['docs/**'],
};

export const call = (name: string, args: unknown = {}): string =>
  JSON.stringify({ type: 'tool', name, args });

export const final = (result: unknown = { changed: true }, status = 'ok'): string =>
  JSON.stringify({ type: 'final', output: { status, notes: 'Done.', metrics: {}, result } });

/** Answers in turn; the last one for good. */
export const script =
  (...answers: readonly string[]): Specialist =>
  (messages) => {
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    return answers[Math.min(turn, answers.length - 1)] ?? '';
  };

export const engineOf = (specialist: Specialist): Engine =>
  createRulesEngine({ specialist, chores: openChores(), digest: 'test', codeDigest: 'test' });

/** One that answers like this, in whatever way an engine may. */
export const engineThat = (complete: Engine['complete']): Engine => ({
  ...engineOf(script(final())),
  complete,
});

export const hang = (): Promise<never> => new Promise(() => {});

export const usage = { prompt: 1, cached: 0, completion: 1 };
export const timing = { firstToken: 0, total: 0 };

export type Overrides = Partial<Omit<LoopOptions, 'limits'>> & {
  readonly limits?: Partial<LoopLimits>;
};

export const run = (
  engine: Engine | Specialist,
  overrides: Overrides = {},
): Promise<LoopResult> => {
  const overlay = createOverlay(emptyTree, reach);
  const signal = overrides.signal ?? new AbortController().signal;
  const steps = overrides.tools ?? tools;
  return runLoop({
    agent,
    engine: typeof engine === 'function' ? engineOf(engine) : engine,
    runtime: {},
    contextTokens: 100_000,
    tools: steps,
    verifier: createPathVerifier(reach),
    context: {
      overlay,
      executor: {
        run: () => Promise.reject(new Error('not here')),
        withTree: () => Promise.reject(new Error('not here')),
      },
      signal,
      paths: ['docs/note.md'],
    },
    prompt: 'You test.',
    input,
    signal,
    ...overrides,
    limits: { ...agent.limits, ...overrides.limits },
  });
};
