// SPDX-License-Identifier: GPL-3.0-only
import type { Input, Output, Unit } from '../../agent/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { blobOid } from '../../workspace/blob-oid.ts';
import { createOverlay, type Overlay, unrestricted, writeFiles } from '../../workspace/overlay.ts';
import { stampedPatch } from '../../workspace/patch.ts';
import type { ExamKind, Truth } from '../schema.ts';

/** Files by path; in a patch `undefined` stands for a removed one. */
export type ExamFiles = ReadonlyMap<string, string>;
export type ExamEdits = ReadonlyMap<string, string | undefined>;

/** One seeded patch, and whether it deserves to be approved. */
export type ExamCase = {
  readonly id: string;
  readonly kind: ExamKind;
  readonly truth: Truth;
  /** How it was made: the chore of a good patch, the mutation of a bad one. */
  readonly way: string;
  readonly spec: Spec;
  readonly unit: Unit;
  readonly base: ExamFiles;
  readonly edits: ExamEdits;
  /** What the nodes before the reviewers said, by their ids: the working one first. */
  readonly said?: Readonly<Record<string, Pick<Output, 'notes' | 'metrics' | 'result'>>>;
};

/** What a reviewer's node gets for a case: its input and the patched tree. */
export type PreparedCase = { readonly input: Input; readonly overlay: Overlay };

const sha1Length = 40;
const encoder = new TextEncoder();

/** Lays a case out as a night would: the patch on its base, and green tests beside it. */
export const prepareCase = async (examCase: ExamCase): Promise<PreparedCase> => {
  const overlay = createOverlay(memoryTree(examCase.base), unrestricted);
  const edits = [...examCase.edits].map(
    ([path, text]) => [path, text === undefined ? text : encoder.encode(text)] as const,
  );
  writeFiles(overlay, edits);
  const patch = await stampedPatch(overlay);
  const said = Object.entries(examCase.said ?? plain).map(
    ([node, one], index): [string, Output] => [
      node,
      { status: 'ok', ...one, ...(index === 0 && patch) },
    ],
  );
  const { spec, unit } = examCase;
  return { input: { spec, unit, inputs: Object.fromEntries(said) }, overlay };
};

const plain: NonNullable<ExamCase['said']> = {
  work: { notes: 'done', metrics: {}, result: {} },
  test: { notes: 'passed', metrics: { passed: 12 }, result: { passed: 12, failed: 0 } },
};

/** A base tree of these texts and nothing else. */
const memoryTree = (files: ExamFiles): BaseTree => {
  const blobs = new Map<string, Uint8Array>();
  const entries = new Map(
    [...files]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => {
        const bytes = encoder.encode(text);
        const oid = blobOid(bytes, sha1Length);
        blobs.set(oid, bytes);
        return [path, { mode: '100644', oid, size: bytes.length }] as const;
      }),
  );
  return {
    repository: '',
    commit: '0'.repeat(sha1Length),
    entries,
    read: async (oid) => {
      const bytes = blobs.get(oid);
      if (!bytes) throw new Error(`no blob ${oid} in the exam's tree`);
      return bytes;
    },
    close: async () => {},
  };
};
