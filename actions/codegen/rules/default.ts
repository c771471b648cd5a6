// SPDX-License-Identifier: GPL-3.0-only

import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Envelope } from '../../../src/agent/envelope.ts';
import type { Input } from '../../../src/agent/schema.ts';
import { type Compiler, loadTypeScript } from '../../../src/data/load-typescript.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import { compileScope } from '../../../src/spec/scope.ts';
import { addDocComments } from './add-doc-comments.ts';
import { addExports } from './add-exports.ts';
import { addHeaders } from './add-headers.ts';
import { addTestSkeleton } from './add-test-skeleton.ts';
import { checkBounds } from './check-bounds.ts';
import { mentionsOf, namePlaces, refuseLookups } from './mentions.ts';
import { type Chore, type Plan, planChores } from './plan-chores.ts';
import { renameEverywhere } from './rename/rename-everywhere.ts';
import { Declined, replayScript, type Script } from './tool-script.ts';
import { openWorkingTree, type WorkingTree } from './working-tree.ts';

/**
 * Mechanical chores on code: works out from the sentences what is asked, does it on the compiler's
 * syntax tree, and answers `fail` where a sentence is not one of its chores.
 */
export const answer: Specialist = async (messages) => {
  const task = messages[1];
  if (!task) throw new SyntaxError('the conversation contains no task');
  const input = parseTask(task);
  const plan = planChores(input.spec);
  if ('declined' in plan) return finish('fail', plan.declined, {});
  const compiler = loadTypeScript();
  const result = replayScript(work(compiler, input, plan), parseReplies(messages));
  return 'next' in result ? JSON.stringify(result.next) : result.end;
};

const finish = (
  status: 'ok' | 'fail',
  notes: string,
  { chores = [], mentions = [] }: Partial<Record<'chores' | 'mentions', readonly string[]>>,
): string => {
  const result = { chores: [...chores], ...(mentions.length > 0 && { mentions: [...mentions] }) };
  return JSON.stringify({
    type: 'final',
    output: { status, notes, metrics: { chores: chores.length }, result },
  } satisfies Envelope);
};

function* work(compiler: Compiler, { unit, spec }: Input, plan: Plan): Script<string> {
  const inUnit = compileScope(unit.paths);
  const inBounds = plan.only.map((files) => compileScope(files));
  const tree = openWorkingTree((path) => inUnit(path) && inBounds.every((bound) => bound(path)));
  const done: string[] = [];
  try {
    for (const chore of plan.chores) done.push(yield* doChore(compiler, tree, chore, spec.rules));
    yield* checkBounds(tree, plan, unit.paths);
    if (tree.changed().length === 0) {
      return finish('ok', 'everything was already as asked', { chores: done });
    }
    const renamed = plan.chores.flatMap((one) => (one.kind === 'rename' ? [one.from] : []));
    if (plan.sameBehaviour) yield* refuseLookups(compiler, tree, renamed);
    const mentions = namePlaces(yield* mentionsOf(tree, renamed));
    const left = mentions.length > 0 ? [`the old name is still in ${mentions.join(', ')}`] : [];
    return finish('ok', [...done, ...left].join('; '), { chores: done, mentions });
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return finish('fail', error.message, { chores: done });
  }
}

const doChore = (
  compiler: Compiler,
  tree: WorkingTree,
  chore: Chore,
  rules: Input['spec']['rules'],
): Script<string> => {
  switch (chore.kind) {
    case 'rename':
      return renameEverywhere(compiler, tree, chore);
    case 'export':
      return addExports(compiler, tree, chore);
    case 'doc-comment':
      return addDocComments(compiler, tree, chore);
    case 'test-skeleton':
      return addTestSkeleton(compiler, tree, chore);
    case 'header':
      return addHeaders(tree, chore, typeof rules.header === 'string' ? rules.header : undefined);
  }
};
