// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../engine.ts';
import type { Grammar } from './grammar.ts';
import type { Terminal } from './terminals.ts';

/** What is still to come, innermost first. */
type Frame = {
  readonly grammar: Grammar;
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
export type State = { readonly threads: readonly Thread[]; readonly done: boolean };

/** Frames below one another, at most: an answer that nests deeper is a weak model's loop. */
const maxDepth = 96;
const maxThreads = 4096;
const maxExpansions = 100_000;
/** Steps below one another on the way to what can come next: fewer than the stack holds. */
const maxNested = 2_000;

/** The state before the first byte. @throws EngineFault for a grammar that goes in circles. */
export const startOf = (grammar: Grammar): State =>
  settle([], { grammar, state: 0, next: undefined, depth: 1 });

/** The state after a byte, `undefined` where that byte cannot come. */
export const step = ({ threads }: State, byte: number): State | undefined => {
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

const stepOne = ({ terminal, state, next }: Thread, byte: number): State | undefined => {
  const moved = terminal.step(state, byte);
  if (moved < 0) return undefined;
  const staying = terminal.goesOn(moved) ? [{ terminal, state: moved, next }] : [];
  return terminal.ends(moved) ? settle(staying, next) : { threads: staying, done: false };
};

/** The state after as many of these bytes as can come, and how many those are. */
export const advance = (
  from: State,
  bytes: Uint8Array,
): { readonly state: State; readonly used: number } => {
  let state = from;
  for (let index = 0; index < bytes.length; index += 1) {
    const next = step(state, bytes[index] ?? 0);
    if (!next) return { state, used: index };
    state = next;
  }
  return { state, used: bytes.length };
};

/** The bytes that must come next, whatever the model would say. */
export const forced = (
  from: State,
): { readonly bytes: readonly number[]; readonly state: State } => {
  const bytes: number[] = [];
  let state = from;
  for (;;) {
    const byte = state.done ? -1 : onlyByte(state);
    const next = byte < 0 ? undefined : step(state, byte);
    if (!next) return { bytes, state };
    bytes.push(byte);
    state = next;
  }
};

const onlyByte = ({ threads }: State): number => {
  let only = -1;
  for (const { terminal, state } of threads) {
    const byte = terminal.only(state);
    if (byte < 0 || (only >= 0 && byte !== only)) return -1;
    only = byte;
  }
  return only;
};

/** Whether the answer is whole and nothing can follow. */
export const isOver = ({ threads, done }: State): boolean => done && threads.length === 0;

/** Whether free text can come: nearly every token fits. */
export const isWide = ({ threads }: State): boolean =>
  threads.some(({ terminal }) => terminal.wide);

/** The same for states in which the same tokens can come. */
export const keyOf = ({ threads, done }: State): string =>
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
  const known = new Map(threads.map((thread) => [exactKey(thread), thread]));
  if (known.size > maxThreads) throw new EngineFault('the schema is too ambiguous to hold to');
  return [...known.values()];
};

/** Follows frames down to the terminals that can come first. */
const settle = (threads: Thread[], frame: Frame | undefined): State => {
  let left = maxExpansions;
  let nested = 0;
  let done = false;
  const visit = (at: Frame | undefined): void => {
    if (!at) {
      done = true;
      return;
    }
    left -= 1;
    nested += 1;
    if (left < 0 || nested > maxNested) throw new EngineFault('the schema goes in circles');
    look(at);
    nested -= 1;
  };
  const look = (at: Frame): void => {
    const { grammar, state, next, depth } = at;
    if (depth > maxDepth) return;
    const enter = (inner: Grammar, then: Frame | undefined): void =>
      visit({ grammar: inner, state: 0, next: then, depth: (then?.depth ?? 0) + 1 });
    const back = (moved: number): Frame => ({ grammar, state: moved, next, depth });
    if (grammar.kind === 'terminal') {
      const { terminal } = grammar;
      if (terminal.goesOn(0)) threads.push({ terminal, state: 0, next });
      if (terminal.ends(0)) visit(next);
    } else if (grammar.kind === 'sequence') {
      const part = grammar.parts[state];
      if (!part) visit(next);
      else enter(part, state + 1 < grammar.parts.length ? back(state + 1) : next);
    } else if (grammar.kind === 'choice') {
      for (const option of grammar.options) enter(option, next);
    } else if (grammar.kind === 'rule') enter(grammar.of(), next);
    else if (grammar.kind === 'repeat') visitRepeat(grammar, state, { enter, back, next, visit });
    else visitMembers(grammar, state, { enter, back, next, visit });
  };
  visit(frame);
  return { threads: distinct(threads), done };
};

type Moves = {
  readonly enter: (inner: Grammar, then: Frame | undefined) => void;
  readonly back: (state: number) => Frame;
  readonly next: Frame | undefined;
  readonly visit: (frame: Frame | undefined) => void;
};

/** The state counts the items; where no bound is left to reach, it stands still. */
const visitRepeat = (
  { part, separator, min, max }: Extract<Grammar, { kind: 'repeat' }>,
  count: number,
  { enter, back, next, visit }: Moves,
): void => {
  if (count >= min) visit(next);
  if (count >= max) return;
  const after = back(Number.isFinite(max) ? count + 1 : Math.min(count + 1, Math.max(min, 1)));
  if (count === 0 || !separator) enter(part, after);
  else enter(separator, { grammar: part, state: 0, next: after, depth: after.depth + 1 });
};

/** The state is twice the place in the list, plus one when a member has been written. */
const visitMembers = (
  { members, rest }: Extract<Grammar, { kind: 'members' }>,
  state: number,
  { enter, back, next, visit }: Moves,
): void => {
  const written = state % 2 === 1;
  for (let place = Math.floor(state / 2); place < members.length; place += 1) {
    const member = members[place];
    if (!member) return;
    enter(written ? member.later : member.first, back(2 * (place + 1) + 1));
    if (member.required) return;
  }
  const extra = Math.max(0, Math.floor(state / 2) - members.length);
  if (!rest || extra >= rest.min) visit(next);
  if (!rest || extra >= rest.max) return;
  const counted = Number.isFinite(rest.max) ? extra + 1 : Math.min(extra + 1, rest.min);
  enter(written ? rest.later : rest.first, back(2 * (members.length + counted) + 1));
};
