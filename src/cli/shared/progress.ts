// SPDX-License-Identifier: GPL-3.0-only
import { printableLines } from '../../data/printable.ts';
import type { NightWatch, NodeEvent, SpecEvent } from '../../night/run/session.ts';

export type Progress = {
  readonly watch: NightWatch;
  readonly say: (line: string) => void;
  readonly stop: () => void;
};

const frameMs = 100;

/**
 * Progress on standard error: a status line that is drawn over on a terminal, plain lines elsewhere
 * and in CI. Quiet prints only what a person must know.
 */
export const createProgress = ({ quiet }: { readonly quiet: boolean }): Progress => {
  if (quiet) return { watch: { node: () => {}, spec: () => {} }, say: print, stop: () => {} };
  return process.stderr.isTTY && !process.env.CI ? liveProgress() : plainProgress();
};

const print = (line: string): void => {
  process.stderr.write(`${printableLines(line)}\n`);
};

const plainProgress = (): Progress => ({
  watch: {
    node: (event) => {
      if (event.state !== 'running') print(nodeLine(event));
    },
    spec: (event) => {
      if (isNews(event)) print(specLine(event));
    },
  },
  say: print,
  stop: () => {},
});

const nodeLine = ({ spec, unit, node, state, reason }: NodeEvent): string =>
  `  ${spec}/${unit}/${node} ${state}${reason === undefined ? '' : `: ${firstLine(reason)}`}`;

/** What was not worked tonight stands among the night's outcomes, once. */
const isNews = ({ outcome }: SpecEvent): boolean => outcome !== 'skipped';

const specLine = ({ spec, outcome, reason }: SpecEvent): string =>
  `${spec}: ${outcome}: ${firstLine(reason)}`;

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

const liveProgress = (): Progress => {
  const running = new Map<string, NodeEvent>();
  const ended = { ok: 0, failed: 0, skipped: 0, resumed: 0 };
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write('\r\u001b[K');
    shown = false;
  };
  const say = (line: string) => {
    clear();
    print(line);
  };
  const draw = () => {
    const [current] = running.values();
    const skipped = ended.skipped > 0 ? `, ${ended.skipped} skipped` : '';
    const resumed = ended.resumed > 0 ? `, ${ended.resumed} from before` : '';
    const done = `${ended.ok} nodes done, ${ended.failed} failed${skipped}${resumed}`;
    const now = current ? `, ${running.size} running: ${current.spec} ${current.node}` : '';
    const width = Math.max(20, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r\u001b[K${`${done}${now}`.slice(0, width)}`);
    shown = true;
  };
  const timer = setInterval(draw, frameMs);
  timer.unref();
  return {
    watch: {
      node: (event) => {
        const key = `${event.spec}/${event.unit}/${event.node}`;
        if (event.state === 'running') {
          running.set(key, event);
          return;
        }
        running.delete(key);
        ended[event.state] += 1;
      },
      spec: (event) => {
        if (isNews(event)) say(specLine(event));
      },
    },
    say,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
};
