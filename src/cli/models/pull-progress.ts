// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import type { OnBytes } from '../../day/models/pull.ts';
import { bytesText, waitText } from '../shared/bytes.ts';

export type PullProgress = { readonly onBytes: OnBytes; readonly stop: () => void };

type Settings = {
  /** A line that is drawn over; else one line every ten seconds. */
  readonly live: boolean;
  readonly write: (text: string) => void;
  readonly columns?: number;
  /** Milliseconds, of any origin. */
  readonly now?: () => number;
};

type Moment = readonly [at: number, done: number];

/** Bytes, rate and time left of the file that is being fetched. */
export const createPullProgress = (settings: Settings): PullProgress => {
  const { live, write, columns = 80, now = () => performance.now() } = settings;
  const everyMs = live ? 200 : 10_000;
  let file: string | undefined;
  let begun: Moment = [0, 0];
  let shownAt = 0;
  let drawn = false;
  const end = () => {
    if (drawn) write('\n');
    drawn = false;
  };
  return {
    onBytes: (path, done, total) => {
      const at = now();
      if (path !== file) {
        end();
        [file, begun, shownAt] = [path, [at, done], at - everyMs];
      }
      const whole = done === total;
      if (at - shownAt < everyMs && !(whole && drawn)) return;
      shownAt = at;
      const line = progressLine(path, done, total, rateOf(begun, [at, done]));
      write(live ? `\r\u001b[K${line.slice(0, Math.max(20, columns - 1))}` : `${line}\n`);
      drawn = live;
    },
    stop: end,
  };
};

/** Bytes a second, once there is enough to tell. */
const rateOf = (first: Moment, last: Moment): number | undefined =>
  last[0] - first[0] < 500 || last[1] <= first[1]
    ? undefined
    : ((last[1] - first[1]) / (last[0] - first[0])) * 1000;

const progressLine = (
  path: string,
  done: number,
  total: number | undefined,
  rate: number | undefined,
): string => {
  const of = total === undefined ? '' : ` of ${bytesText(total)}`;
  const speed = rate === undefined ? '' : `, ${bytesText(rate)}/s`;
  const left =
    rate === undefined || total === undefined ? '' : `, ${waitText((total - done) / rate)} left`;
  return `${printable(path)}: ${bytesText(done)}${of}${speed}${done === total ? '' : left}`;
};
