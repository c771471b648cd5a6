// SPDX-License-Identifier: GPL-3.0-only

/** What a prompt and its answer are held in, and where a person sets it. */
export type ContextSetting = {
  /** `profiles.gpu.default`. */
  readonly setting: string;
  /** The most that could be set there [tokens], where the engine knows. */
  readonly most?: number | undefined;
  /** Of engine vllm or openai `most` is what the server was started with. */
  readonly engine?: string;
};

/** An advised size leaves this for the task itself, which no prompt of an agent has [tokens]. */
const room = 1_024;

/** What to change where a prompt and its answer need `need` tokens together. */
export const contextAdvice = (
  { setting, most = Number.POSITIVE_INFINITY, engine }: ContextSetting,
  agent: string,
  need: number,
): string => {
  const size = room * Math.ceil((need + room) / room);
  if (need <= most) return `set ${setting}.contextTokens to ${Math.min(most, size)} or more`;
  const other = `bind ${agent} to rules or to a model that takes more, or lower ${setting}.limits.maxOutputTokens`;
  return engine === 'vllm' || engine === 'openai'
    ? `start the server with a context of ${size} or more, ${other}`
    : `that model takes ${most} at most: ${other}`;
};
