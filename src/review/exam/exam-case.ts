// SPDX-License-Identifier: GPL-3.0-only
import type { Output, Unit } from '../../agent/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { blobOid } from '../../workspace/blob-oid.ts';
import { createOverlay, type Overlay, unrestricted, writeFiles } from '../../workspace/overlay.ts';
import { stampedPatch } from '../../workspace/patch.ts';
import { treeIndexOf } from '../../workspace/tree-index.ts';
import type { ExamKind, Truth } from '../schema.ts';

/** Files by path; in a patch `undefined` stands for a removed one. */
export type ExamFiles = ReadonlyMap<string, string>;
export type ExamEdits = ReadonlyMap<string, string | undefined>;

/** What an agent says beside its patch. */
export type Said = Pick<Output, 'notes' | 'metrics' | 'result'>;

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
  /** What the nodes before the reviewers said, by their role. */
  readonly said?: Readonly<Record<'work' | 'test', Said>>;
};

/** A case as the nodes before the reviewers leave a unit: the patch on its base, and green tests beside it. */
export type PreparedCase = {
  readonly base: BaseTree;
  readonly overlay: Overlay;
  readonly work: Output;
  readonly test: Output;
};

const encoder = new TextEncoder();

/** Lays a case's files over a tree, and its patch on them. */
export const prepareCase = async (
  { base: files, edits, said = plain }: ExamCase,
  under: BaseTree,
): Promise<PreparedCase> => {
  const base = layFiles(under, files);
  const overlay = createOverlay(base, unrestricted);
  writeFiles(
    overlay,
    [...edits].map(([path, text]) => [path, text === undefined ? text : encoder.encode(text)]),
  );
  const work: Output = { status: 'ok', ...said.work, ...(await stampedPatch(overlay)) };
  return { base, overlay, work, test: { status: 'ok', ...said.test } };
};

const plain: NonNullable<ExamCase['said']> = {
  work: { notes: 'done', metrics: {}, result: {} },
  test: { notes: 'passed', metrics: { passed: 12 }, result: { passed: 12, failed: 0 } },
};

/** The tree with these texts in the place of its own. */
const layFiles = (under: BaseTree, files: ExamFiles): BaseTree => {
  const { oidLength } = treeIndexOf(under);
  const blobs = new Map<string, Uint8Array>();
  const laid = [...files].map(([path, text]) => {
    const bytes = encoder.encode(text);
    const oid = blobOid(bytes, oidLength);
    blobs.set(oid, bytes);
    const { mode = '100644' } = under.entries.get(path) ?? {};
    return [path, { mode, oid, size: bytes.length }] as const;
  });
  return {
    ...under,
    entries: new Map([...under.entries, ...laid]),
    read: async (oid) => blobs.get(oid)?.slice() ?? under.read(oid),
  };
};
