// SPDX-License-Identifier: GPL-3.0-only

/**
 * A sample: name, labels, value; its time stamp and comments are passed over.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
const sample = /^(\w+:\w+)(?:\{.*\})?[ \t]+([\d.eE+-]+)/;

/** The series of vLLM's `/metrics`, its engines added up. https://docs.vllm.ai/en/latest/usage/metrics/ */
export const sumsIn = (metrics: string): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const line of metrics.split('\n')) {
    const [, name = '', text] = sample.exec(line) ?? [];
    const value = Number(text);
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) continue;
    sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return sums;
};
