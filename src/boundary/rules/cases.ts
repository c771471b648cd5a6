// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { parseDocumentAs } from '../../data/read-document.ts';
import type { Source } from '../../data/read-source.ts';
import { normaliseSpec, specFields } from '../../spec/schema.ts';
import { compileScope } from '../../spec/scope.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { blobOid } from '../../workspace/blob-oid.ts';
import { createOverlay, unrestricted, writeFiles } from '../../workspace/overlay.ts';
import type { CallRuling } from '../verifier.ts';
import type { RuleBook } from './rule-book.ts';

const caseSchema = z.strictObject({
  it: z.string().min(1),
  spec: specFields.pick({ scope: true, acceptance: true, rules: true }).partial().prefault({}),
  call: z
    .strictObject({
      tool: z.string(),
      args: z.json().default({}),
      reads: z.array(z.string()).default([]),
      writes: z.array(z.string()).default([]),
    })
    .optional()
    .describe('A call of a tool, with the paths that it touches'),
  before: z.record(z.string(), z.string()).default({}).describe('Files by path, before a patch'),
  after: z
    .record(z.string(), z.string().nullable())
    .optional()
    .describe('Files by path as the patch leaves them; null is removed'),
  denied: z.string().optional().describe('The rule that denies it; nothing where it is allowed'),
});

export const ruleCasesSchema = z.array(caseSchema);

export type RuleCase = Readonly<z.output<typeof caseSchema>>;

/** A table such as `rules/cases.yaml`. @throws UserError */
export const readCases = (source: Source): readonly RuleCase[] =>
  parseDocumentAs(source, ruleCasesSchema);

/** Has the rules judge a case. */
export const judgeCase = async (book: RuleBook, one: RuleCase): Promise<CallRuling> => {
  const { scope = '**', acceptance = ['It is as asked'], rules } = one.spec;
  const file = { title: one.it.slice(0, 200), scope, acceptance, ...(rules && { rules }) };
  const asker = { agent: 'case', spec: normaliseSpec(file, 'case') };
  const files = new Map(
    Object.entries(one.before).map(([path, text]) => [path, new TextEncoder().encode(text)]),
  );
  const overlay = createOverlay(treeOf(files), unrestricted);
  if (one.call) {
    const inScope = compileScope(asker.spec.scope);
    const reach = { mayRead: () => true, mayWrite: inScope };
    const { tool, args, reads, writes } = one.call;
    const touches = { reads, writes };
    return book.verifier({ overlay, reach }, asker).verify({ agent: 'case', tool, args, touches });
  }
  const after = Object.entries(one.after ?? {});
  writeFiles(
    overlay,
    after.map(([path, text]) => [path, text === null ? undefined : new TextEncoder().encode(text)]),
  );
  // Two cases may change a file alike and differ in what was asked.
  return book.judgePatch(overlay, { ...asker, spec: { ...asker.spec, id: `case ${one.it}` } });
};

const oidLength = 40;

const treeOf = (files: ReadonlyMap<string, Uint8Array>): BaseTree => {
  const blobs = new Map([...files.values()].map((bytes) => [blobOid(bytes, oidLength), bytes]));
  return {
    repository: '',
    commit: '0'.repeat(oidLength),
    entries: new Map(
      [...files].map(([path, bytes]) => [
        path,
        { mode: '100644', oid: blobOid(bytes, oidLength), size: bytes.length },
      ]),
    ),
    read: async (oid) => blobs.get(oid) ?? new Uint8Array(),
    close: async () => {},
  };
};
