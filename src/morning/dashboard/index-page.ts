// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { scrubTexts } from '../../secrets/scrub.ts';
import type { Chart, NightLine, PageData, Panel } from '../client/page-data.ts';
import type { KappaTrend } from '../metrics/kappa-trend.ts';
import { mostUtilisation } from '../metrics/queue.ts';
import { renderPage } from '../page/render-page.ts';
import { durationUnit, hoursText, numberText, percentText } from '../panels/figures.ts';
import { kappaChart } from '../panels/reviewers-panel.ts';
import type { NightFault, NightRow } from './night-row.ts';

/** Many nights, oldest first. */
export type DashboardFacts = {
  readonly nights: readonly (NightRow | NightFault)[];
  /** Of each pair of reviewers, over these nights. */
  readonly trends: readonly KappaTrend[];
};

/** `index.html` of a dashboard in pieces, as self-contained as the page of a night. */
export const indexPage = ({ nights, trends }: DashboardFacts): Promise<readonly string[]> => {
  const rows = nights.filter((night) => 'page' in night);
  const unreadable = nights.length - rows.length;
  const sum = (of: (row: NightRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const data: PageData = {
    title: titleOf(nights),
    counts: [
      {
        text: countNoun(
          sum(({ opened }) => opened),
          'pull request',
        ),
        section: 'nights',
      },
      { text: `${sum(({ accepted }) => accepted)} accepted`, section: 'nights' },
      {
        text: countNoun(
          sum(({ red }) => red),
          'red bin',
        ),
        section: 'nights',
      },
    ],
    about: [{ label: 'Worked for', text: hoursText(sum(({ hours }) => hours)) }],
    alerts: unreadable > 0 ? [`${countNoun(unreadable, 'night')} cannot be read.`] : [],
    rules: [],
    sections: [],
    nights: { columns, lines: nights.toReversed().map(lineOf) },
    panels: panelsOf(rows, trends),
    notices: [],
    withoutSteps: 0,
  };
  return renderPage(scrubTexts(data), [], 'dashboard.json');
};

const titleOf = (nights: DashboardFacts['nights']): string => {
  const [first, last] = [nights[0]?.night ?? '', nights.at(-1)?.night ?? ''];
  return nights.length > 1 ? `Nights ${first} to ${last}` : `Night ${last}`;
};

const columns = [
  ...['Opened', 'Accepted', 'Rejected', 'Red', 'Pending'],
  ...['Kappa', 'Utilisation', 'Tokens', 'Worked for'],
];

const lineOf = (night: NightRow | NightFault): NightLine => {
  if (!('page' in night)) return { night: night.night, cells: [], fault: night.fault };
  const { opened, accepted, rejected, red, pending, kappa, utilisation, tokens, hours } = night;
  return {
    ...{ night: night.night, page: night.page },
    cells: [
      ...[opened, accepted, rejected, red, pending].map(String),
      kappa.map(kappaText).join(', ') || 'not measured',
      percentText(utilisation),
      tokens === null ? 'none' : String(tokens.prompt + tokens.completion),
      hoursText(hours),
    ],
  };
};

const kappaText = ({ flow, kappa, state }: NightRow['kappa'][number]): string =>
  `${flow} ${kappa === null ? 'undefined' : numberText(kappa)}${state === 'ok' ? '' : ` (${state})`}`;

const command = 'pantheon dashboard --json | jq .nights';

const panelsOf = (rows: readonly NightRow[], trends: readonly KappaTrend[]): readonly Panel[] => {
  if (rows.length < 2) return [];
  const along = rows.map(({ night }) => night);
  const lineOf = (label: string, of: (row: NightRow) => number | null) => ({
    label,
    values: rows.map(of),
  });
  const { unit, times } = durationUnit(Math.max(...rows.map(({ hours }) => hours)));
  const measured = rows.some(({ tokens }) => tokens !== null);
  const panel = (id: string, title: string, charts: readonly Chart[]): Panel => ({
    ...{ id, title, facts: [], dials: [], charts, command },
  });
  return [
    panel('outcomes', 'Specs', [
      {
        ...{ id: 'outcomes', title: 'How specs ended', note: 'By night.', along, unit: 'specs' },
        ...{ min: 0, lines: [] },
        series: [
          lineOf('opened', ({ opened }) => opened),
          lineOf('accepted', ({ accepted }) => accepted),
          lineOf('red', ({ red }) => red),
          lineOf('pending', ({ pending }) => pending),
        ],
      },
      {
        ...{ id: 'hours', title: 'Worked for', note: 'First step to last one.', along, unit },
        ...{ min: 0, lines: [], series: [lineOf('worked for', ({ hours }) => hours * times)] },
      },
    ]),
    ...(trends.length > 0 ? [panel('reviewers', 'Reviewers', trends.map(kappaChart))] : []),
    ...(measured
      ? [
          panel('engines', 'Engines', [
            {
              ...{ id: 'utilisation', title: 'Utilisation', along, unit: 'share', min: 0 },
              note: 'Of the slots; above the line, waits grow without proportion.',
              series: [lineOf('utilisation', ({ utilisation }) => utilisation)],
              lines: [{ label: 'most', value: mostUtilisation }],
            },
            {
              ...{
                id: 'tokens',
                title: 'Tokens',
                note: 'By night.',
                along,
                unit: 'tokens',
                min: 0,
              },
              series: [
                lineOf('prompt', ({ tokens }) => tokens?.prompt ?? null),
                lineOf('completion', ({ tokens }) => tokens?.completion ?? null),
              ],
              lines: [],
            },
          ]),
        ]
      : []),
  ];
};
