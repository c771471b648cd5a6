// SPDX-License-Identifier: GPL-3.0-only
import { openTraces } from '../../src/trace/open-traces.ts';

/** Identities of everything a reader would take from a night. */
export const readAll = (night: string) => {
  const traces = openTraces(night);
  return traces
    .specs()
    .flatMap((spec) => traces.list(spec).map((each) => traces.read(each)?.identity));
};
