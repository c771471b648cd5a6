// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../../src/agent/schema.ts';
import { readWhole, type Texts } from '../../../src/chore/patch.ts';
import { callTool, type Script } from '../../../src/chore/script.ts';
import { whereDiffer } from '../../../src/chore/where-differ.ts';
import { judgeInTurn, reviewer } from './open-review.ts';

/** Most files whose two sides are read: so many fit in the agent's steps. */
const mostFiles = 490;

/** Does the work again on the files as they were, chore by chore: the patch must come out. */
export const answer = reviewer('redo', 'patched', function* (review) {
  const { spec, inputs } = review.input;
  const changes = Object.values(inputs).find(({ changes }) => changes !== undefined)?.changes;
  if (!changes) return ['there is no patch to review'];
  if (changes.length > mostFiles) {
    return [`the patch changes ${changes.length} files, more than can be checked; split the spec`];
  }
  const base = new Map<string, string | undefined>();
  const patched = new Map<string, string | undefined>();
  for (const { path, baseOid, oid } of changes) {
    base.set(path, isAbsent(baseOid) ? undefined : yield* readWhole(path, 'base'));
    patched.set(path, isAbsent(oid) ? undefined : yield* readWhole(path, 'patched'));
  }
  const odd = changes.filter(isOddMode).map(({ path }) => `${path}: it is not a plain file`);
  const { texts, findings } = yield* judgeInTurn(review, { base, patched }, 'base');
  if (odd.length + findings.length > 0) return [...odd, ...findings];
  const others = different(texts, patched);
  return others.length === 0 && spec.checks.length > 0 ? yield* runChecks() : others;
});

const isAbsent = (oid: string): boolean => /^0+$/.test(oid);

const isOddMode = ({ mode, oid }: NonNullable<Output['changes']>[number]): boolean =>
  !isAbsent(oid) && !/^100(?:644|755)$/.test(mode);

/** Where what came out is not what the patch says; a path that only came out was left undone. */
const different = (texts: Texts, patched: Texts): readonly string[] =>
  [...texts].flatMap(([path, text]) => {
    if (!patched.has(path)) return [`${path}: what is asked was not done here`];
    const other = patched.get(path);
    if (text === other) return [];
    if (other === undefined) return [`${path}: no sentence asks for its removal`];
    if (text === undefined) return [`${path}: no sentence asks for a new file`];
    return [`${path}: the work, done again, differs ${whereDiffer(text, other)}`];
  });

function* runChecks(): Script<readonly string[]> {
  const { ok, log } = (yield* callTool('run_checks', {})) as {
    readonly ok?: unknown;
    readonly log?: unknown;
  };
  return ok === true ? [] : [`the checks fail: ${String(log).slice(-300)}`];
}
