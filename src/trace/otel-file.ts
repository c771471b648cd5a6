// SPDX-License-Identifier: GPL-3.0-only
import { closeSync, existsSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Traces } from './open-traces.ts';
import { requestLine, type Span } from './otel.ts';
import { addTimes, nodeSpans, type SpecTimes, type SpecTrace, workflowSpan } from './otel-spans.ts';

/** Beside a spec's bundles. */
export const spansName = 'spans.jsonl';

/**
 * Writes `<night>/<spec>/spans.jsonl` from the spec's bundles, once it has ended: a line per unit,
 * the spec's own span last. By rename, and from what bundles say alone: killed at any moment, the
 * next run writes the same; what is there is whole and stays. `version` is Pantheon's.
 * @throws BundleFault when a bundle was altered.
 */
export const writeSpans = async (
  nightFolder: string,
  traces: Traces,
  trace: SpecTrace,
  version: string,
): Promise<void> => {
  const file = join(nightFolder, trace.spec, spansName);
  if (traces.list(trace.spec).length === 0 || existsSync(file)) return;
  const fd = openSync(`${file}.new`, 'w', 0o644);
  try {
    for (const line of spanLines(traces, trace, version)) {
      writeFileSync(fd, line);
      // A large spec holds up no other one.
      await setImmediate();
    }
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
};

/** The lines of that file. @throws BundleFault when a bundle was altered. */
export function* spanLines(traces: Traces, trace: SpecTrace, version: string): Generator<string> {
  let times: SpecTimes | undefined;
  for (const unit of Map.groupBy(traces.list(trace.spec), ({ unit }) => unit).values()) {
    const spans: Span[] = [];
    for (const address of unit) {
      const bundle = traces.read(address);
      if (!bundle) continue;
      spans.push(...nodeSpans(trace, bundle));
      times = addTimes(times, bundle);
    }
    if (spans.length > 0) yield requestLine(spans, version);
  }
  if (times) yield requestLine([workflowSpan(trace, times)], version);
}
