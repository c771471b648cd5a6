// SPDX-License-Identifier: GPL-3.0-only

/** What a prompt and its answer are held in, and where a person sets it. */
export type ContextSetting = {
  /** `profiles.gpu.default`. */
  readonly setting: string;
  /** The most that could be set there [tokens], where the engine knows. */
  readonly most?: number | undefined;
};

/** An advised size leaves this for the task itself, which no prompt of an agent has [tokens]. */
const room = 1_024;

/** What to change where a prompt and its answer need `need` tokens together. */
export const contextAdvice = (
  { setting, most = Number.POSITIVE_INFINITY }: ContextSetting,
  agent: string,
  need: number,
): string => {
  const size = Math.min(most, room * Math.ceil((need + room) / room));
  return need <= most
    ? `set ${setting}.contextTokens to ${size} or more`
    : `that model takes ${most} at most: bind ${agent} to rules or to a model that takes more, or lower limits.maxOutputTokens of ${agent}`;
};
