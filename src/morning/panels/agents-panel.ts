// SPDX-License-Identifier: GPL-3.0-only
import type { Chart, Panel } from '../client/page-data.ts';
import { failBins } from '../metrics/fail-bins.ts';
import type { SchemaErrorWeek } from '../metrics/schema-errors.ts';
import { estimateText } from './figures.ts';
import type { MorningFacts } from './morning-facts.ts';

const mostBins = 30;

/** What failed by agent and code, and how often answers were off their schema, week over week. */
export const agentsPanel = ({ summary, nodes, weeks }: MorningFacts): Panel | undefined => {
  const bins = failBins(nodes);
  const asked = weeks.filter(({ answers }) => answers > 0);
  if (bins.length === 0 && asked.length === 0) return undefined;
  return {
    id: 'agents',
    title: 'Agents',
    facts: [
      ...bins.slice(0, mostBins).map(({ agent, code, count, runs, rate, first }) => ({
        label: `${agent}, ${code}`,
        text: `${count} of ${runs} runs, ${estimateText(rate)}; the first: ${first.line}`,
        bad: true,
      })),
      ...(summary.schemaErrors ?? [])
        .filter(({ answers }) => answers > 0)
        .map(({ agent, answers, errors }) => ({
          label: `${agent}, answers off their schema`,
          text: `${errors} of ${answers}`,
          bad: errors > 0,
        })),
    ],
    dials: [],
    charts: weeksOf(asked).length > 1 ? [schemaChart(asked)] : [],
    command: `pantheon report ${summary.night} --json | jq .schemaErrors`,
  };
};

const weeksOf = (rows: readonly SchemaErrorWeek[]): readonly string[] =>
  [...new Set(rows.map(({ week }) => week))].sort();

const schemaChart = (rows: readonly SchemaErrorWeek[]): Chart => {
  const weeks = weeksOf(rows);
  const byAgent = [...Map.groupBy(rows, ({ agent }) => agent)];
  return {
    id: 'schema-errors',
    title: 'Answers off their schema',
    note: 'By agent and ISO week.',
    along: weeks,
    unit: 'share',
    min: 0,
    series: byAgent.map(([agent, own]) => ({
      label: agent,
      values: weeks.map((week) => own.find((row) => row.week === week)?.rate?.value ?? null),
    })),
    lines: [],
  };
};
