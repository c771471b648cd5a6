// SPDX-License-Identifier: GPL-3.0-only
import type { Chart, Figure, Panel } from '../client/page-data.ts';
import { smallBatch } from '../engine-figures.ts';
import { engineLoads, type LoadPoint, loadOverTime } from '../metrics/engine-load.ts';
import { numberText, percentText } from './figures.ts';
import type { MorningFacts } from './morning-facts.ts';

/** How well the engines were used; nothing where rules alone answered. */
export const enginesPanel = ({ summary, nodes }: MorningFacts): Panel | undefined => {
  const loads = engineLoads(nodes);
  if (loads.length === 0) return undefined;
  const points = loadOverTime(nodes);
  return {
    id: 'engines',
    title: 'Engines',
    facts: loads.flatMap(
      ({ engine, requests, failures, batch, peak, tokensPerSecond, cacheHits, gpuUse }) => [
        { label: engine, text: `${requests} requests, ${failures} failed`, bad: failures > 0 },
        { label: 'At once', text: `${numberText(batch, 1)}, at most ${numberText(peak, 0)}` },
        { label: 'Tokens per second', text: numberText(tokensPerSecond, 0) },
        { label: 'Prompts from the prefix cache', text: percentText(cacheHits) },
        { label: 'GPU use', text: percentText(gpuUse) },
      ],
    ) satisfies readonly Figure[],
    dials: [],
    charts: points.length > 0 ? [batchChart(points), tokenChart(points)] : [],
    command: `pantheon report ${summary.night} --json | jq .engines`,
  };
};

const seconds = (points: readonly LoadPoint[]): readonly number[] =>
  points.map(({ at }) => Math.round(at / 1000));

const batchChart = (points: readonly LoadPoint[]): Chart => ({
  id: 'batch',
  title: 'Requests at once',
  note: `Fewer than ${smallBatch} at the peak leave a GPU idle: the work is cut too coarse to fill it.`,
  along: seconds(points),
  unit: 'requests',
  series: [{ label: 'at once', values: points.map(({ batch }) => batch) }],
  lines: [{ label: 'too coarse', value: smallBatch }],
});

const tokenChart = (points: readonly LoadPoint[]): Chart => ({
  id: 'tokens',
  title: 'Tokens per second',
  note: 'Of answers, all engines together.',
  along: seconds(points),
  unit: 'tokens / s',
  series: [
    { label: 'tokens per second', values: points.map(({ tokensPerSecond }) => tokensPerSecond) },
  ],
  lines: [],
});
