// SPDX-License-Identifier: GPL-3.0-only

export type Labels = Readonly<Record<string, string>>;
export type Sample = { readonly labels?: Labels; readonly value: number };

export type Meters = {
  readonly gauge: (name: string, read: () => readonly Sample[]) => void;
  /** `name` without `_total`; every label that it will ever have is named. */
  readonly counter: (
    name: string,
    labels?: readonly Labels[],
  ) => (by: number, index?: number) => void;
  /** `buckets` are upper bounds, rising; the last one that has no end is added. */
  readonly histogram: (name: string, buckets: readonly number[]) => (value: number) => void;
  /** In the Prometheus text format, as the Python client writes it, with its `_created` gauges. */
  readonly render: () => string;
};

/** Meters that all carry the same labels. */
export const openMeters = (common: Labels): Meters => {
  const created = Date.now() / 1000;
  const families: (() => readonly string[])[] = [];
  const line = (name: string, { labels = {}, value }: Sample): string => {
    const pairs = Object.entries({ ...common, ...labels }).sort(([a], [b]) => (a < b ? -1 : 1));
    const number = Number.isInteger(value) ? `${value}.0` : String(value);
    return `${name}{${pairs.map(([key, said]) => `${key}="${said}"`).join(',')}} ${number}`;
  };
  const family = (name: string, type: string, lines: () => readonly string[]): void => {
    const head = [`# HELP ${name} Of a simulated engine.`, `# TYPE ${name} ${type}`];
    families.push(() => [...head, ...lines()]);
  };
  const createdOf = (name: string, labels: readonly Labels[]): void =>
    family(`${name}_created`, 'gauge', () =>
      labels.map((labelSet) => line(`${name}_created`, { labels: labelSet, value: created })),
    );
  return {
    gauge: (name, read) => family(name, 'gauge', () => read().map((sample) => line(name, sample))),
    counter: (name, labels = [{}]) => {
      const values = labels.map(() => 0);
      const total = `${name}_total`;
      family(total, 'counter', () =>
        labels.map((labelled, index) =>
          line(total, { labels: labelled, value: values[index] ?? 0 }),
        ),
      );
      createdOf(name, labels);
      return (by, index = 0) => {
        values[index] = (values[index] ?? 0) + by;
      };
    },
    histogram: (name, buckets) => {
      const bounds = [...buckets, Number.POSITIVE_INFINITY];
      const counts = bounds.map(() => 0);
      let sum = 0;
      family(name, 'histogram', () => [
        ...bounds.map((bound, index) =>
          line(`${name}_bucket`, { labels: { le: boundName(bound) }, value: counts[index] ?? 0 }),
        ),
        line(`${name}_count`, { value: counts.at(-1) ?? 0 }),
        line(`${name}_sum`, { value: sum }),
      ]);
      createdOf(name, [{}]);
      return (value) => {
        sum += value;
        for (const [index, bound] of bounds.entries()) {
          if (value <= bound) counts[index] = (counts[index] ?? 0) + 1;
        }
      };
    },
    render: () => `${families.flatMap((lines) => lines()).join('\n')}\n`,
  };
};

const boundName = (bound: number): string =>
  bound === Number.POSITIVE_INFINITY ? '+Inf' : Number.isInteger(bound) ? `${bound}.0` : `${bound}`;
