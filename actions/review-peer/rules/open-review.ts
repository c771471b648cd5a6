// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Input } from '../../../src/agent/schema.ts';
import type { Chores } from '../../../src/chore/chores.ts';
import { accountFor, answerableFor } from '../../../src/chore/coverage.ts';
import { loadModules } from '../../../src/chore/modules.ts';
import {
  type Judge,
  openReach,
  type PatchView,
  type Side,
  type Texts,
} from '../../../src/chore/patch.ts';
import { readAsked } from '../../../src/chore/read-asked.ts';
import { askingOnce, resumableScripts, type Script } from '../../../src/chore/script.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import type { Asked } from '../../../src/spec/asked.ts';
import { beforehand } from './beforehand.ts';
import { byChecks } from './by-checks.ts';
import { giveOpinion, opinionOf } from './opinion.ts';

/** What is to be reviewed: the task, and what it asks for with the judge of each. */
export type Review = {
  readonly input: Input;
  readonly asked: readonly (Asked & { readonly judge: Judge<unknown> })[];
  readonly unread: readonly string[];
  readonly chores: Chores;
};

/**
 * A reviewer that lets each chore judge with its module of this name; one that brings none is judged by the
 * checks, and its files are taken as they are on the side where this reviewer ends.
 */
export const reviewer = (
  module: 'judge' | 'redo',
  ends: Side,
  review: (opened: Review) => Script<readonly string[]>,
): Specialist => {
  const resume = resumableScripts<readonly string[]>();
  return (messages, chores, signal) => {
    const task = messages.find(({ role }) => role === 'user');
    if (!task) return giveOpinion(['there is no task']);
    const open = async (): Promise<Script<readonly string[]>> => {
      const input = parseTask(task);
      const { asked, unread } = readAsked(input.spec, chores);
      const judges = await loadModules<Judge<unknown>>(asked, chores, module, signal);
      const judgeOf = (chore: string): Judge<unknown> =>
        judges.get(chore) ?? byChecks(chores.all.get(chore), ends);
      const judged = asked.map((one) => ({ ...one, judge: judgeOf(one.chore) }));
      return askingOnce(review({ input, asked: judged, unread, chores }));
    };
    return opinionOf(resume(messages, parseReplies(messages), open));
  };
};

/** How a file is written can only be compared where it says all that it is to say. */
const restyledLast = <One extends Asked>(
  judged: readonly One[],
  { all }: Chores,
): readonly One[] => {
  const restyles = ({ chore }: One): boolean => all.get(chore)?.manifest.restyles === true;
  return [...judged.filter((one) => !restyles(one)), ...judged.filter(restyles)];
};

/**
 * Looks at the patch beforehand, and lets the chores judge: in the order of work from the base on, or from
 * the patched texts back.
 */
export function* judgeInTurn(
  { input, asked: judged, unread, chores }: Review,
  { base, patched }: Readonly<Record<Side, Texts>>,
  from: Side,
): Script<{ readonly texts: Texts; readonly findings: readonly string[] }> {
  const { spec, unit, inputs } = input;
  const paths = [...base.keys()].sort();
  const asked = judged.map(({ chore, args }): Asked => ({ chore, args }));
  const patch: PatchView = {
    paths,
    base,
    patched,
    worked: unit.kind === 'file' ? unit.paths : [],
    spec,
    asked,
    outputs: inputs as PatchView['outputs'],
    with: input.with,
    ...openReach(base, patched),
  };
  const findings = [...beforehand(input, { unread, paths })];
  let texts = from === 'base' ? base : patched;
  for (const { judge, ...one } of from === 'base'
    ? restyledLast(judged, chores)
    : judged.toReversed()) {
    const judgement = judge(one.args, patch, texts);
    const { texts: next, findings: more } = 'findings' in judgement ? judgement : yield* judgement;
    findings.push(...more);
    texts = accountFor(texts, next, answerableFor(one, asked, chores));
  }
  return { texts, findings };
}
