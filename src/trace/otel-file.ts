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
  const addresses = traces.list(trace.spec);
  if (addresses.length === 0 || existsSync(file)) return;
  const fd = openSync(`${file}.new`, 'w', 0o644);
  try {
    let times: SpecTimes | undefined;
    for (const unit of Map.groupBy(addresses, (address) => address.unit).values()) {
      const spans: Span[] = [];
      for (const address of unit) {
        const bundle = traces.read(address);
        if (!bundle) continue;
        spans.push(...nodeSpans(trace, bundle));
        times = addTimes(times, bundle);
      }
      if (spans.length > 0) writeFileSync(fd, requestLine(spans, version));
      // A large spec holds up no other one.
      await setImmediate();
    }
    if (times) writeFileSync(fd, requestLine([workflowSpan(trace, times)], version));
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
};
