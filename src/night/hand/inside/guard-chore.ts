// SPDX-License-Identifier: GPL-3.0-only
import { isGeneratorObject } from 'node:util/types';
import { ownFault } from '../../../chore/own-chores.ts';
import type { Chore } from '../../../chore/read-chore.ts';
import type { ChoreModule } from '../../../chore/schema.ts';
import { Declined, type Script, type ScriptReply } from '../../../chore/script.ts';
import { messageOf } from '../../../data/message-of.ts';

/** What a chore's module exports: called, its faults are told as such, and what it gives back is looked at. */
export const guardOwn = (chore: Chore, name: ChoreModule, file: string, run: unknown): unknown => {
  if (typeof run !== 'function')
    throw ownFault(chore, file, `exports no function "${name}". See docs/chores.md`);
  const told = <Value>(call: () => Value): Value => {
    const { exit } = process;
    process.exit = () => {
      throw new Error('process.exit was called. End by return, or throw new Declined(why)');
    };
    try {
      return call();
    } catch (error) {
      if (error instanceof Declined) throw error;
      throw ownFault(chore, file, `throws: ${messageOf(error)}`, error);
    } finally {
      process.exit = exit;
    }
  };
  const checked = (value: unknown): unknown => {
    const wanted = faultOf(name, value);
    if (wanted === undefined) return value;
    throw ownFault(chore, file, `must give back ${wanted}. See docs/chores.md`);
  };
  return (...args: readonly unknown[]): unknown => {
    const value: unknown = told(() => run(...args));
    if (isGeneratorObject(value))
      return steps(value as Script<unknown>, told, (end, refused) => {
        if (refused === undefined) return checked(end);
        throw ownFault(chore, file, `went on after a call was refused: ${refused}`);
      });
    if (name !== 'work') return checked(value);
    throw ownFault(chore, file, 'must do its work in steps. Write `export function* work`');
  };
};

/** Calls that change nothing: one that is refused may be passed over. */
const reading: ReadonlySet<string> = new Set(['read_file', 'list_files', 'search_text']);

function* steps(
  script: Script<unknown>,
  told: <Value>(call: () => Value) => Value,
  conclude: (end: unknown, refused: string | undefined) => unknown,
): Script<unknown> {
  let refused: string | undefined;
  let reply: ScriptReply = { result: undefined };
  for (;;) {
    const step = told(() => script.next(reply));
    if (step.done) return conclude(step.value, refused);
    reply = yield step.value;
    const { value } = step;
    if ('error' in reply && value.type === 'tool' && !reading.has(value.name))
      refused ??= `${value.name}: ${reply.error.reason}`;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What a module should have given back, where it did not. */
const faultOf = (name: ChoreModule, value: unknown): string | undefined => {
  if (name === 'work') {
    return isObject(value) && typeof value.notes === 'string' ? undefined : '`{ notes }`, a text';
  }
  if (name === 'judge' || name === 'redo') {
    const isJudgement =
      isObject(value) &&
      Array.isArray(value.findings) &&
      (value.texts === undefined || value.texts instanceof Map);
    return isJudgement ? undefined : '`{ texts, findings }`, a map and a list';
  }
  if (name === 'plan' && value !== undefined) {
    const isObjection =
      isObject(value) && typeof value.message === 'string' && typeof value.advice === 'string';
    return isObjection ? undefined : '`{ message, advice }`, or nothing';
  }
  return undefined;
};
