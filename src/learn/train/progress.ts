// SPDX-License-Identifier: GPL-3.0-only

/** What a trainer says of one of its steps. */
export type TrainerStep = {
  /** Of the answers that are learned; NaN where the weights have gone astray. */
  readonly loss: number;
  /** Read since it began. */
  readonly tokens: number;
  readonly epoch: number;
};

const number = (line: string, key: string): number | undefined => {
  const [, text] = new RegExp(`'${key}': '?([-+.\\deE]+|nan|inf)'?[,}]`).exec(line) ?? [];
  return text === undefined ? undefined : Number(text.replace(/^(?:nan|inf)$/, 'NaN'));
};

/** Reads a line that TRL or axolotl prints for each step; `undefined` for all other lines. */
export const readTrainerLine = (line: string): TrainerStep | undefined => {
  const [loss, epoch] = [number(line, 'loss'), number(line, 'epoch')];
  if (loss === undefined || epoch === undefined) return undefined;
  return { loss, epoch, tokens: number(line, 'num_tokens') ?? number(line, 'tokens/total') ?? 0 };
};

/** Calls back for each whole line of texts that come in pieces. */
export const byLine = (each: (line: string) => void): ((text: string) => void) => {
  let rest = '';
  return (text) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) each(line);
  };
};

/** Seconds until all epochs are through, at the speed since the first step. */
export const secondsLeft = (
  first: { readonly at: number; readonly epoch: number },
  last: { readonly at: number; readonly epoch: number },
  epochs: number,
): number | undefined =>
  last.epoch <= first.epoch
    ? undefined
    : ((last.at - first.at) / 1000 / (last.epoch - first.epoch)) * Math.max(0, epochs - last.epoch);
