// SPDX-License-Identifier: GPL-3.0-only

/** How a trainer ended. */
export type TrainerEnd = {
  readonly code: number | undefined;
  readonly output: string;
  /** The share that was through, 0 to 1. */
  readonly done: number;
};

/** Why a trainer made nothing, in words, with what to do; its log is `log`. */
export const trainerFailure = ({ code, output, done }: TrainerEnd, log: string): string => {
  const at = `at ${Math.floor(done * 100)} %`;
  const resume = 'then go on with --resume';
  if (/No space left on device|Errno 28\b/.test(output)) {
    return `the disk is full ${at}. Make room beside ${log}, ${resume}`;
  }
  if (/out of memory|OutOfMemoryError|Cannot allocate memory/i.test(output)) {
    return `it ran out of memory ${at}. Take --method qlora, a lower --rank or a smaller base; its log is ${log}`;
  }
  const [why = 'it said nothing'] = output
    .split('\n')
    .filter((line) => /^[\w.]*(?:Error|Exception)\b/.test(line) && !/CalledProcess/.test(line))
    .slice(-1);
  const how = code === undefined ? 'was ended by a signal' : `ended with code ${code}`;
  return `the trainer ${how} ${at} (${why.slice(0, 300)}). Read ${log}, put right what it names, ${resume}`;
};
