// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Envelope } from '../../../src/agent/envelope.ts';
import type { Input } from '../../../src/agent/schema.ts';
import type { Chores } from '../../../src/chore/chores.ts';
import { answerableFor } from '../../../src/chore/coverage.ts';
import { loadModules } from '../../../src/chore/modules.ts';
import { ownFault } from '../../../src/chore/own-chores.ts';
import { isWork, readAsked } from '../../../src/chore/read-asked.ts';
import { Declined, resumableScripts, type Script } from '../../../src/chore/script.ts';
import type { Work, WorkDone } from '../../../src/chore/work.ts';
import type { CodeHands } from '../../../src/code/hands.ts';
import { openWorkingTree } from '../../../src/code/working-tree.ts';
import { loadTypeScript } from '../../../src/data/load-typescript.ts';
import type { Message } from '../../../src/engine/contract/engine.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import type { Asked } from '../../../src/spec/asked.ts';
import { compileScope } from '../../../src/spec/scope.ts';

/** The agent whose rules these are. */
const agent = 'codegen.qwen8b';

const resume = resumableScripts<string>();

/** Works the chores that a spec asks for, one after the other, and answers `fail` where it cannot. */
export const answer: Specialist = async (messages, chores, signal) => {
  const task = messages[1];
  if (!task) throw new SyntaxError('the conversation contains no task');
  if (asksOwn(task, chores) && chores.own.answer)
    return chores.own.answer(import.meta.filename, messages, signal);
  const open = async (): Promise<Script<string>> => {
    const input = parseTask(task);
    const { asked, unread } = readAsked(input.spec, chores);
    const works = await loadModules<Work<unknown, CodeHands>>(asked, chores, 'work');
    const objection = objectionTo({ asked, unread }, works, chores);
    return objection === undefined ? work(input, asked, works, chores) : refuse(objection);
  };
  const result = await resume(messages, parseReplies(messages), open);
  return 'next' in result ? JSON.stringify(result.next) : result.end;
};

/** Whether a chore of the repository is asked for. */
const asksOwn = (task: Message, chores: Chores): boolean => {
  const { all } = chores;
  if ([...all.values()].every(({ ships }) => ships)) return false;
  return readAsked(parseTask(task).spec, chores).asked.some(
    ({ chore }) => all.get(chore)?.ships === false,
  );
};

// biome-ignore lint/correctness/useYield: nothing is called
function* refuse(objection: string): Script<string> {
  return finish('fail', objection, {});
}

/** A plan says the same earlier, to a person; this holds for whoever skips it. */
const objectionTo = (
  { asked, unread }: ReturnType<typeof readAsked>,
  works: ReadonlyMap<string, unknown>,
  { all, likely }: Chores,
): string | undefined => {
  const [sentence] = unread;
  if (sentence !== undefined) {
    const { example } = likely(sentence) ?? {};
    const such = example === undefined ? '' : `; one that is: ${example}`;
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
  chores: Chores,
): Script<string> {
  const tree = openWorkingTree(compileScope(unit.paths));
  const hands: CodeHands = {
    ...{ tree, spec, asked },
    // Chores on documents do without it.
    get compiler() {
      return loadTypeScript();
    },
  };
  const done: string[] = [];
  const mentions: string[] = [];
  const left: NonNullable<WorkDone['left']>[number][] = [];
  try {
    for (const one of asked) {
      const before = tree.changed();
      const end = yield* works.get(one.chore)?.(one.args, hands) ?? nothing();
      const isIts = answerableFor(one, asked, chores);
      const other = tree.changed().find((path) => !before.includes(path) && !isIts(path));
      if (other !== undefined) {
        const what = `would change ${other}, which is not one of its files`;
        throw new Declined(`the chore "${one.chore}" ${what}`);
      }
      const [refusal] = tree.refused();
      const entry = chores.all.get(one.chore);
      if (refusal && entry)
        throw ownFault(entry, 'work.ts', `went on after a refusal: ${refusal.message}`, refusal);
      if (end.notes !== '') done.push(end.notes);
      mentions.push(...(end.mentions ?? []));
      left.push(...(end.left ?? []));
    }
    const isDone = tree.changed().length === 0 && left.length === 0;
    const notes = isDone ? 'everything was already as asked' : done.join('; ');
    return finish('ok', notes, { chores: done, mentions, left });
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return finish('fail', error.message, { chores: done });
  }
}

// biome-ignore lint/correctness/useYield: a condition without work asks for no call
function* nothing(): Script<WorkDone> {
  return { notes: '' };
}
