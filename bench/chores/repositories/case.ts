// SPDX-License-Identifier: GPL-3.0-only
import type { Check } from './checks/patched.ts';

/**
 * A spec with what is right for it. `done`: the patch to be opened. `declined`: the reason to be given.
 * Both: rules may do it or say why not, since it is beyond what they promise.
 */
export type Case = {
  readonly spec: object;
  readonly done?: Check;
  readonly declined?: RegExp;
};

/** Cases by repository and id. */
export type Cases = Readonly<Record<string, Readonly<Record<string, Case>>>>;
