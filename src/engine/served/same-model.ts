// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { EngineFault } from '../contract/engine.ts';

/** A server that nobody interrupted may have been given other weights all the same [ms]. */
const lookAgainMs = 60_000;

/** What a server tells that is the same as long as its model is: a digest, a path, counts. */
export type Told = Readonly<Record<string, string | number | undefined>>;

export type SameModel<Model> = {
  /**
   * The model, looked at before the first prompt, after each fault and once a minute. @throws EngineFault
   * where it is not the one that the night began with: bundles and verdicts are signed with that one.
   */
  readonly look: () => Promise<Model>;
  /** The model as it is now: from here on it is the one to hold to. */
  readonly begin: () => Promise<Model>;
  /** Has the next look ask the server: another one may listen by then. */
  readonly forget: () => void;
};

/** Sees that a server goes on with the model it began with. `setting` and `model` are for messages, `now` tells ms. */
export const openSameModel = <Model extends { readonly told: Told }>(
  find: () => Promise<Model>,
  { setting, model }: { readonly setting: string; readonly model: string },
  now: () => number = performance.now.bind(performance),
): SameModel<Model> => {
  let looked: { readonly at: number; readonly seen: Promise<Model> } | undefined;
  let first: Told | undefined;
  const forget = (): void => {
    looked = undefined;
  };
  const findSame = async (): Promise<Model> => {
    const seen = await find();
    first ??= seen.told;
    const changed = changedIn(first, seen.told);
    if (changed === undefined) return seen;
    const { name, before, after } = changed;
    throw new EngineFault(
      `${setting}.model: the server now has another "${model}" (${name} ${after}) than before (${before}); give it back the first one, or begin again`,
    );
  };
  const look = (): Promise<Model> => {
    if (looked === undefined || now() - looked.at > lookAgainMs) {
      looked = { at: now(), seen: findSame() };
      looked.seen.catch(forget);
    }
    return looked.seen;
  };
  return {
    look,
    forget,
    begin: () => {
      forget();
      first = undefined;
      return look();
    },
  };
};

/** The first of what was told that differs. */
const changedIn = (before: Told, after: Told) => {
  const name = Object.keys({ ...before, ...after }).find((one) => before[one] !== after[one]);
  return name === undefined
    ? undefined
    : { name, before: told(before[name]), after: told(after[name]) };
};

const told = (value: string | number | undefined): string =>
  value === undefined ? 'none told' : printable(String(value)).slice(0, 120);
