// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Envelope } from '../../../src/agent/envelope.ts';
import type { Input } from '../../../src/agent/schema.ts';
import type { Chores } from '../../../src/chore/chores.ts';
import { loadModules } from '../../../src/chore/modules.ts';
import { isWork, readAsked } from '../../../src/chore/read-asked.ts';
import { Declined, replayScript, type Script } from '../../../src/chore/script.ts';
import type { Work, WorkDone } from '../../../src/chore/work.ts';
import type { CodeHands } from '../../../src/code/hands.ts';
import { openWorkingTree } from '../../../src/code/working-tree.ts';
import { loadTypeScript } from '../../../src/data/load-typescript.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import type { Asked } from '../../../src/spec/asked.ts';
import { compileScope } from '../../../src/spec/scope.ts';

/** The agent whose rules these are. */
const agent = 'codegen.qwen8b';

/** Works the chores that a spec asks for, one after the other, and answers `fail` where it cannot. */
export const answer: Specialist = async (messages, chores) => {
  const task = messages[1];
  if (!task) throw new SyntaxError('the conversation contains no task');
  const input = parseTask(task);
  const { asked, unread } = readAsked(input.spec, chores);
  const works = await loadModules<Work<unknown, CodeHands>>(asked, chores, 'work');
  const objection = objectionTo({ asked, unread }, works, chores);
  if (objection !== undefined) return finish('fail', objection, {});
  const result = replayScript(work(input, asked, works), parseReplies(messages));
  return 'next' in result ? JSON.stringify(result.next) : result.end;
};

/** A plan says the same earlier, to a person; this holds for whoever skips it. */
const objectionTo = (
  { asked, unread }: ReturnType<typeof readAsked>,
  works: ReadonlyMap<string, unknown>,
  { all, nearest }: Chores,
): string | undefined => {
  const [sentence] = unread;
  if (sentence !== undefined) {
    const near = nearest(sentence);
    const such = near === undefined ? '' : `; one that is: ${near}`;
    return `this sentence is not one of the chores that rules can do: "${sentence}"${such}`;
  }
  for (const { chore } of asked) {
    const { manifest } = all.get(chore) ?? {};
    if (manifest?.agent !== undefined && manifest.agent !== agent) {
      return `the chore "${chore}" is the work of ${manifest.agent}, in the flow ${manifest.flow}`;
    }
    if (isWork(all.get(chore)) && !works.has(chore)) return `rules cannot do the chore "${chore}"`;
  }
  const isAnyWork = asked.some(({ chore }) => isWork(all.get(chore)));
  return isAnyWork ? undefined : 'no sentence asks for a chore that rules can do';
};

type Done = Omit<WorkDone, 'notes'> & { readonly chores?: readonly string[] };

const finish = (
  status: 'ok' | 'fail',
  notes: string,
  { chores = [], mentions = [], left = [] }: Done,
): string => {
  const result = {
    chores: [...chores],
    ...(mentions.length > 0 && { mentions: [...mentions] }),
    ...(left.length > 0 && { left: left.map((one) => ({ ...one })) }),
  };
  return JSON.stringify({
    type: 'final',
    output: { status, notes, metrics: { chores: chores.length }, result },
  } satisfies Envelope);
};

function* work(
  { unit, spec }: Input,
  asked: readonly Asked[],
  works: ReadonlyMap<string, Work<unknown, CodeHands>>,
): Script<string> {
  const tree = openWorkingTree(compileScope(unit.paths));
  const hands: CodeHands = { tree, compiler: loadTypeScript(), spec, asked };
  const chores: string[] = [];
  const mentions: string[] = [];
  const left: NonNullable<WorkDone['left']>[number][] = [];
  try {
    for (const { chore, args } of asked) {
      const done = yield* works.get(chore)?.(args, hands) ?? nothing();
      if (done.notes !== '') chores.push(done.notes);
      mentions.push(...(done.mentions ?? []));
      left.push(...(done.left ?? []));
    }
    const isDone = tree.changed().length === 0 && left.length === 0;
    const notes = isDone ? 'everything was already as asked' : chores.join('; ');
    return finish('ok', notes, { chores, mentions, left });
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return finish('fail', error.message, { chores });
  }
}

// biome-ignore lint/correctness/useYield: a condition without work asks for no call
function* nothing(): Script<WorkDone> {
  return { notes: '' };
}
