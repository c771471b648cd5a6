// SPDX-License-Identifier: GPL-3.0-only
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { isGeneratorObject } from 'node:util/types';
import { messageOf } from '../data/message-of.ts';
import { printableLines } from '../data/printable.ts';
import { type Place, UserError } from '../data/user-error.ts';
import type { Chore } from './read-chore.ts';
import type { ChoreModule } from './schema.ts';
import { Declined, type Script, type ScriptReply } from './script.ts';

/*
 * A repository's own chore runs in this process. Whatever its modules do wrong is told as a mistake in
 * them, with the chore, file and line, and is never the end of a command without a word.
 */

/** A mistake in a chore's own code. */
export const ownFault = (chore: Chore, file: string, message: string, cause?: unknown): UserError =>
  new UserError(`the chore "${chore.manifest.name}" ${shown(message)}`, {
    place: placeIn(chore, cause) ?? { file: shown(join(chore.folder, file)) },
    cause,
  });

/** The first place of a chore's own code that an error's stack names. */
const placeIn = ({ folder }: Chore, error: unknown): Place | undefined => {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const start = stack.indexOf(`${folder}/`);
  const [, file, line] = /^([^\n:?]+):(\d+)/.exec(start === -1 ? '' : stack.slice(start)) ?? [];
  return file === undefined ? undefined : { file: shown(file), line: Number(line) };
};

/** A night runs a copy below a folder that is named by a digest; people look where it was committed. */
const shown = (text: string): string =>
  text.replace(/(?:file:\/\/)?\/[^\s'"]*\/[0-9a-f]{16}\//g, '');

/** Called, its faults are told as such, and what it gives back is looked at. */
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
    if ('error' in reply && !reading.has(step.value.name))
      refused ??= `${step.value.name}: ${reply.error.reason}`;
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

const watched = new Map<string, Chore>();

/** What a chore's code does when nobody waits for it ends the process, but not without a word. */
export const watchOwn = (chore: Chore): void => {
  const isFirst = watched.size === 0;
  watched.set(chore.folder, chore);
  if (!isFirst) return;
  process.on('uncaughtExceptionMonitor', (error) => {
    if (say(error, `throws where nobody waits for it: ${messageOf(error)}`)) process.exit(2);
  });
  process.on('exit', () => {
    if (say(new Error(), 'ends the process. End by return, or throw new Declined(why)'))
      process.exitCode = 2;
  });
};

/** Whether it was a chore's code. */
const say = (error: Error, message: string): boolean => {
  const chore = [...watched.values()].find((one) => placeIn(one, error) !== undefined);
  if (!chore) return false;
  const fault = ownFault(chore, 'chore.yaml', message, error);
  writeSync(2, `pantheon: ${printableLines(fault.message)}\n`);
  return true;
};
