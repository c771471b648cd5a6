// SPDX-License-Identifier: GPL-3.0-only

/** A call that was made: its identity (name and canonical arguments) and whether it changed files. */
export type PastCall = { readonly key: string; readonly wrote: boolean };

/**
 * Says whether one more call with this key would be going in circles: the same call `maxRepeats`
 * times, or two calls taking turns as often (A-B-A-B at the default of 3). A call that only reads
 * starts counting anew after each write, since its answer may have changed; a write never does.
 */
export const repeatOf = (
  past: readonly PastCall[],
  key: string,
  maxRepeats: number,
): 'same' | 'alternating' | undefined => {
  const bound = Math.max(2, maxRepeats);
  if (timesMade(past, key) + 1 >= bound) return 'same';
  return alternates([...past.map((call) => call.key), key], 2 * (bound - 1))
    ? 'alternating'
    : undefined;
};

const timesMade = (past: readonly PastCall[], key: string): number => {
  const lastWrite = past.findLastIndex(({ wrote }) => wrote);
  const writes = past.some((call) => call.wrote && call.key === key);
  const counted = writes ? past : past.slice(lastWrite + 1);
  return counted.filter((call) => call.key === key).length;
};

/** Whether the last call was an exact repeat, whose answer said nothing new. */
export const isLastRepeated = (past: readonly PastCall[]): boolean => {
  const last = past.at(-1);
  return last !== undefined && timesMade(past.slice(0, -1), last.key) > 0;
};

const alternates = (keys: readonly string[], length: number): boolean => {
  const turns = keys.slice(-length);
  return (
    length >= 4 &&
    turns.length === length &&
    turns[0] !== turns[1] &&
    turns.every((key, index) => key === turns[index % 2])
  );
};

/** Says in words what `repeatOf` saw of a call of `name` after one of `last`. */
export const explainRepeat = (
  repeat: 'same' | 'alternating',
  name: string,
  last: string | undefined,
): string =>
  repeat === 'same'
    ? `${name} was called again and again with the same arguments`
    : `${last} and ${name} took turns with the same arguments`;
