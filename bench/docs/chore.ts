// SPDX-License-Identifier: GPL-3.0-only

import { answer } from '../../actions/doc-frontmatter/rules/default.ts';
import { run as testDocs } from '../../actions/test-docs/agent.ts';
import type { CodeContext } from '../../src/agent/code-agent.ts';
import { renderReply, renderTask } from '../../src/agent/conversation.ts';
import { envelopeSchema } from '../../src/agent/envelope.ts';
import type { Input } from '../../src/agent/schema.ts';
import { openChores, shippedChores } from '../../src/chore/chores.ts';
import { gateSchema } from '../../src/config/schema.ts';
import type { Message } from '../../src/engine/contract/engine.ts';
import { normaliseSpec, type SpecFile, specFileSchema } from '../../src/spec/schema.ts';
import { setFrontmatter } from '../../src/tool/set-frontmatter.ts';
import type { BaseTree } from '../../src/workspace/base-tree.ts';
import { blobOid } from '../../src/workspace/blob-oid.ts';
import { createOverlay, type Overlay } from '../../src/workspace/overlay.ts';

/** A tree held in memory. */
export const treeOf = (files: Readonly<Record<string, Uint8Array>>): BaseTree => {
  const blobs = new Map(Object.values(files).map((bytes) => [blobOid(bytes, 40), bytes]));
  const entries = Object.entries(files).map(
    ([path, bytes]) =>
      [path, { mode: '100644', oid: blobOid(bytes, 40), size: bytes.length }] as const,
  );
  return {
    commit: '0'.repeat(40),
    repository: '/nowhere',
    entries: new Map(entries),
    read: async (oid) => blobs.get(oid) ?? new Uint8Array(),
    close: async () => {},
  };
};

export const overlayOf = (files: Readonly<Record<string, Uint8Array>>): Overlay =>
  createOverlay(treeOf(files), { mayRead: () => true, mayWrite: () => true });

const refuseToRun = async (): Promise<never> => {
  throw new Error('nothing is executed here');
};

/** What a code agent gets where nothing is to be executed. */
export const contextOf = (input: Input, overlay: Overlay): CodeContext => ({
  input,
  overlay,
  executor: { run: refuseToRun, withTree: refuseToRun },
  dependencies: async () => [],
  workers: [],
  engines: new Set(),
  gate: gateSchema.parse({}),
  chores: shippedChores,
  signal: new AbortController().signal,
});

/** The input of a file unit; bytes that are no text give no body. */
export const inputOf = async (path: string, overlay: Overlay, spec: SpecFile): Promise<Input> => {
  const whole = normaliseSpec(specFileSchema.parse(spec), 'chore');
  const base: Input = {
    spec: whole,
    unit: { id: 'unit', kind: 'file', paths: [path] },
    inputs: {},
  };
  try {
    const bytes = await overlay.read(path);
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { ...base, path, body, rules: whole.rules };
  } catch {
    return { ...base, path, rules: whole.rules };
  }
};

export type Outcome = {
  readonly status: 'ok' | 'fail';
  readonly notes: string;
  readonly calls: number;
  readonly after: Buffer;
  /** What `test.docs` said of it; only where the chore ended `ok`. */
  readonly tests?: { readonly green: boolean; readonly notes: string };
};

/** Runs the chore on one document: specialist and tool by turns, then the check. */
export const runChore = async (
  path: string,
  bytes: Uint8Array,
  spec: SpecFile,
): Promise<Outcome> => {
  const overlay = overlayOf({ [path]: bytes });
  const input = await inputOf(path, overlay, spec);
  const context = contextOf(input, overlay);
  const messages: Message[] = [
    { role: 'system', content: '' },
    { role: 'user', content: renderTask(input) },
  ];
  for (let calls = 0; calls < 4; calls += 1) {
    const content = await answer(messages, openChores());
    const envelope = envelopeSchema.parse(JSON.parse(content));
    messages.push({ role: 'assistant', content });
    if (envelope.type === 'final') {
      const { status, notes } = envelope.output;
      const after = Buffer.from((await overlay.read(path)) ?? []);
      if (status === 'fail') return { status, notes, calls, after };
      const tested = await testDocs(context);
      return {
        status,
        notes,
        calls,
        after,
        tests: { green: !tested.failure, notes: tested.notes },
      };
    }
    messages.push({ role: 'user', content: await callTool(envelope.args, context) });
  }
  throw new Error(`${path}: the specialist does not end`);
};

const callTool = async (
  given: unknown,
  { overlay, executor, signal, input }: CodeContext,
): Promise<string> => {
  const tool = 'set_frontmatter';
  try {
    const args = setFrontmatter.args.parse(given);
    const codeContext = { overlay, executor, signal, paths: input.unit.paths };
    return renderReply({ tool, result: await setFrontmatter.run(args, codeContext) });
  } catch (error) {
    return renderReply({ tool, error: { code: 'denied', reason: (error as Error).message } });
  }
};
