// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { run } from '../../../actions/test-docs/agent.ts';
import { contextOf } from '../../../bench/docs/chore.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { patchedOverlay } from '../../tool/patched-overlay.ts';

export type DocumentCase = {
  readonly before: string | Buffer;
  /** `null`: removed; absent: unchanged. */
  readonly after?: string | null;
  readonly path?: string;
  readonly acceptance?: readonly string[];
  /** Other files, and what becomes of them. */
  readonly others?: Readonly<Record<string, string>>;
  readonly otherPatch?: Readonly<Record<string, string | null>>;
};

export const standing = [
  'The frontmatter of every note is normalised',
  'The body of every note is unchanged',
];

const judge = async (t: Parameters<typeof patchedOverlay>[0], subject: DocumentCase) => {
  const {
    before,
    after,
    path = 'note.md',
    acceptance = standing,
    others = {},
    otherPatch = {},
  } = subject;
  const patch = { ...(after !== undefined && { [path]: after }), ...otherPatch };
  const overlay = await patchedOverlay(t, { [path]: before, ...others }, patch);
  const spec = normaliseSpec(specFileSchema.parse({ title: 't', scope: '**', acceptance }), 'spec');
  const unit = { id: 'unit', kind: 'file' as const, paths: [path] };
  return run(contextOf({ spec, unit, inputs: {} }, overlay));
};

export const green = test.macro({
  title: (name) => `green: ${name}`,
  async exec(t, subject: DocumentCase) {
    const { failure, result, testsLog } = await judge(t, subject);
    t.is(failure, undefined, testsLog);
    t.is((result as { failed: number }).failed, 0);
    t.true((result as { passed: number }).passed > 0);
  },
});

export const red = test.macro({
  title: (name) => `red: ${name}`,
  async exec(t, subject: DocumentCase, reason: RegExp) {
    const { failure, result, testsLog = '' } = await judge(t, subject);
    t.is(failure?.code, 'tests', testsLog);
    t.regex(failure?.message ?? '', reason);
    t.true((result as { failed: number }).failed > 0);
    t.regex(testsLog, /^not ok /m);
  },
});
