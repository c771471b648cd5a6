// SPDX-License-Identifier: GPL-3.0-only
import type { Dial, Panel } from '../client/page-data.ts';
import type { ExpectedTime } from '../expected-time.ts';
import { acceptedFigures, judgedUnits, workedHours } from '../metrics/expected-accepted.ts';
import { mostUtilisation } from '../metrics/queue.ts';
import { serviceTimes } from '../metrics/service-times.ts';
import { type Sizing, sizeNight, sizingFormulas } from '../metrics/sizing.ts';
import { hoursText, numberText, percentText } from './figures.ts';
import type { MorningFacts } from './morning-facts.ts';

/** How full the queue was, what it needs, and how many patches were to be expected of it. */
export const queuePanel = ({ summary, nodes }: MorningFacts): Panel | undefined => {
  const hours = workedHours(nodes);
  const times = serviceTimes(nodes);
  if (times === null || !(hours > 0)) return undefined;
  const accepted = acceptedFigures(hours, judgedUnits(nodes));
  const sizing = sizingOf({ summary, nodes });
  return {
    id: 'queue',
    title: 'Queue',
    facts: [
      { label: 'Worked for', text: hoursText(hours) },
      ...(summary.expected
        ? [{ label: 'Expected before', text: expectedText(summary.expected) }]
        : []),
      { label: 'Units', text: `${times.units} of ${times.specs} specs` },
      {
        label: `Service of a unit (${times.basis === 'engine' ? 'with the engine' : 'whole steps'})`,
        text: `${numberText(times.unitSeconds)} s`,
      },
      ...(sizing ? sizingFormulas(sizing).map((text) => ({ label: 'Formula', text })) : []),
      ...(accepted
        ? [
            {
              label: 'Patches that both approve, T Σ μ p²',
              text: `${numberText(accepted.expected, 1)} expected of ${accepted.judged}, ${accepted.actual} actual`,
            },
            { label: accepted.note, text: '' },
          ]
        : []),
    ],
    dials: sizing ? dialsOf(sizing) : [],
    charts: [],
    command: 'pantheon size --nights 1',
  };
};

const expectedText = ({ least, most, basis }: ExpectedTime): string =>
  `${hoursText(least / 3600)} to ${hoursText(most / 3600)}, by ${basis === 'nights' ? 'earlier nights' : 'the speed of the engines'}`;

/** How the slots of a night were used; nothing where no model was asked. */
export const sizingOf = ({
  summary,
  nodes,
}: Pick<MorningFacts, 'summary' | 'nodes'>): Sizing | undefined => {
  const hours = workedHours(nodes);
  const times = serviceTimes(nodes);
  const slots = summary.engines.reduce((sum, engine) => sum + engine.slots, 0);
  if (times?.basis !== 'engine' || slots === 0 || !(hours > 0)) return undefined;
  return sizeNight({ arrivals: times.units, serviceSeconds: times.unitSeconds, slots, hours });
};

const dialsOf = (sizing: Sizing): readonly Dial[] => {
  const { utilisation, waitProbability, slots, slotsNeeded } = sizing;
  return [
    {
      label: 'Utilisation',
      text: percentText(utilisation),
      value: utilisation,
      max: Math.max(1, utilisation),
      bound: mostUtilisation,
      formula: `rho = lambda / (c mu), to be kept at or below ${mostUtilisation}`,
    },
    {
      label: 'Work that waits',
      text: percentText(waitProbability ?? 1),
      value: waitProbability ?? 1,
      max: 1,
      bound: 0.5,
      formula: 'Erlang C',
    },
    {
      label: 'Slots needed',
      text: `${slotsNeeded}, there are ${slots}`,
      value: slotsNeeded,
      max: Math.max(slots, slotsNeeded),
      bound: slots,
      formula: `the fewest with rho at or below ${mostUtilisation}`,
    },
  ];
};
