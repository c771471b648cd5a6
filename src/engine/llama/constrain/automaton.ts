// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../../contract/engine.ts';
import type { ByteGrammar } from './byte-grammar.ts';
import type { Terminal } from './terminals.ts';

/** What is still to come, innermost first. */
type Frame = {
  readonly grammar: ByteGrammar;
  readonly state: number;
  readonly next: Frame | undefined;
  readonly depth: number;
};

/** One way to go on: within a terminal, and what follows it. */
type Thread = {
  readonly terminal: Terminal;
  readonly state: number;
  readonly next: Frame | undefined;
};

/** Where an answer stands: every way to go on, and whether it may end. */
export type AnswerState = { readonly threads: readonly Thread[]; readonly done: boolean };

/** Frames below one another, at most: an answer that nests deeper is a weak model's loop. */
const maxDepth = 96;
const maxThreads = 4096;
const maxExpansions = 100_000;

/** The state before the first byte. @throws EngineFault for a grammar that goes in circles. */
export const startState = (grammar: ByteGrammar): AnswerState =>
  settle([], { grammar, state: 0, next: undefined, depth: 1 });

/** The state after a byte, `undefined` where that byte cannot come. */
export const stepByte = ({ threads }: AnswerState, byte: number): AnswerState | undefined => {
  const [first] = threads;
  if (first && threads.length === 1) return stepOne(first, byte);
  const after: Thread[] = [];
  let done = false;
  for (const thread of threads) {
    const moved = stepOne(thread, byte);
    if (!moved) continue;
    after.push(...moved.threads);
    done ||= moved.done;
  }
  return after.length > 0 || done ? { threads: distinct(after), done } : undefined;
};

const stepOne = ({ terminal, state, next }: Thread, byte: number): AnswerState | undefined => {
  const moved = terminal.step(state, byte);
  if (moved < 0) return undefined;
  const staying = terminal.goesOn(moved) ? [{ terminal, state: moved, next }] : [];
  return terminal.ends(moved) ? settle(staying, next) : { threads: staying, done: false };
};

/** The state after as many of these bytes as can come, and how many those are. */
export const advanceBytes = (
  from: AnswerState,
  bytes: Uint8Array,
): { readonly state: AnswerState; readonly used: number } => {
  let state = from;
  for (let index = 0; index < bytes.length; index += 1) {
    const next = stepByte(state, bytes[index] ?? 0);
    if (!next) return { state, used: index };
    state = next;
  }
  return { state, used: bytes.length };
};

/** The bytes that must come next, whatever the model would say. */
export const forcedBytes = (
  from: AnswerState,
): { readonly bytes: readonly number[]; readonly state: AnswerState } => {
  const bytes: number[] = [];
  let state = from;
  for (;;) {
    const byte = state.done ? -1 : onlyByte(state);
    const next = byte < 0 ? undefined : stepByte(state, byte);
    if (!next) return { bytes, state };
    bytes.push(byte);
    state = next;
  }
};

const onlyByte = ({ threads }: AnswerState): number => {
  let only = -1;
  for (const { terminal, state } of threads) {
    const byte = terminal.only(state);
    if (byte < 0 || (only >= 0 && byte !== only)) return -1;
    only = byte;
  }
  return only;
};

/** Whether the answer is whole and nothing can follow. */
export const isAnswerOver = ({ threads, done }: AnswerState): boolean =>
  done && threads.length === 0;

/** Whether free text can come: nearly every token fits. */
export const isFreeText = ({ threads }: AnswerState): boolean =>
  threads.some(({ terminal }) => terminal.free !== undefined);

/** The same for states in which the same tokens can come. */
export const maskKey = ({ threads, done }: AnswerState): string =>
  `${done ? '.' : ''}${threads.map(threadKey).join('|')}`;

const threadKey = ({ terminal, state, next }: Thread): string =>
  `${terminal.id}:${terminal.key(state)}${restKey(next)}`;

const restKey = (frame: Frame | undefined): string => {
  let key = '';
  for (let at = frame; at; at = at.next) key += `<${at.grammar.id}:${at.state}`;
  return key;
};

const exactKey = ({ terminal, state, next }: Thread): string =>
  `${terminal.id}:${state}${restKey(next)}`;

/** Two ways to the same place are one: patterns can have thousands. */
const distinct = (threads: readonly Thread[]): readonly Thread[] => {
  if (threads.length < 4) return threads;
  const byKey = new Map(threads.map((thread) => [exactKey(thread), thread]));
  if (byKey.size > maxThreads) throw new EngineFault('the schema is too ambiguous to hold to');
  return [...byKey.values()];
};

/** Follows frames down to the terminals that can come first. */
const settle = (threads: Thread[], frame: Frame | undefined): AnswerState => {
  let left = maxExpansions;
  let done = false;
  // The last one first; not nested, for a choice may lead to the next one thousands of times.
  const waiting: (Frame | undefined)[] = [frame];
  const visit = ({ grammar, state, next, depth }: Frame): void => {
    const enter = (inner: ByteGrammar, then: Frame | undefined): void => {
      waiting.push({ grammar: inner, state: 0, next: then, depth: (then?.depth ?? 0) + 1 });
    };
    const back = (moved: number): Frame => ({ grammar, state: moved, next, depth });
    if (grammar.kind === 'terminal') {
      const { terminal } = grammar;
      if (terminal.goesOn(0)) threads.push({ terminal, state: 0, next });
      if (terminal.ends(0)) waiting.push(next);
    } else if (grammar.kind === 'sequence') {
      const part = grammar.parts[state];
      if (!part) waiting.push(next);
      else enter(part, state + 1 < grammar.parts.length ? back(state + 1) : next);
    } else if (grammar.kind === 'choice') {
      for (const option of grammar.options.toReversed()) enter(option, next);
    } else if (grammar.kind === 'rule') enter(grammar.of(), next);
    else {
      // The state counts; where no bound is left to reach, it stands still.
      const { part, min, max } = grammar;
      const count = Number.isFinite(max) ? state + 1 : Math.min(state + 1, min);
      if (state < max) enter(part, count === max ? next : back(count));
      if (state >= min) waiting.push(next);
    }
  };
  while (waiting.length > 0) {
    const at = waiting.pop();
    left -= 1;
    if (left < 0) throw new EngineFault('the schema goes in circles');
    if (!at) done = true;
    else if (at.depth <= maxDepth) visit(at);
  }
  return { threads: distinct(threads), done };
};
