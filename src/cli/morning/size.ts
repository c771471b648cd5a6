// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { durationSchema } from '../../flow/schema.ts';
import { type ServiceTimes, serviceTimes } from '../../morning/metrics/service-times.ts';
import { type Sizing, sizeNight, sizingFormulas } from '../../morning/metrics/sizing.ts';
import { summaryIfReadable } from '../../morning/read-summary.ts';
import { putAside } from '../../night/record/night-folder.ts';
import { nightNodes } from '../../night/record/night-nodes.ts';
import { readCount } from '../shared/count-option.ts';
import { nightsIn, type TraceArguments, tracesOf } from '../shared/nights.ts';

type SizeArguments = TraceArguments & {
  readonly arrivals?: string;
  readonly service?: string;
  readonly slots?: string;
  readonly hours: string;
  readonly of: string;
  readonly nights: string;
  readonly wait?: string;
  readonly json?: true;
};

/** A number with where it is from, for a person. */
type Sourced = { readonly value: number; readonly from: string };

/** `pantheon size` */
export const sizeCommand = async (args: SizeArguments): Promise<void> => {
  const kind = readKind(args.of);
  const hours = readNumber('--hours', args.hours, 'hours above 0', 10_000);
  const wait = args.wait === undefined ? undefined : readNumber('--wait', args.wait, 'a share', 1);
  const typed = {
    arrivals: args.arrivals === undefined ? undefined : readCount('--arrivals', args.arrivals),
    service: args.service === undefined ? undefined : readSeconds(args.service),
    slots: args.slots === undefined ? undefined : readCount('--slots', args.slots, 100_000),
  };
  const missing = Object.keys(typed).filter(
    (name) => typed[name as keyof typeof typed] === undefined,
  );
  const measured = missing.length === 0 ? undefined : await measure(args);
  const times = (): ServiceTimes => timesOf(measured, missing);
  const arrivals = arrivalsOf(typed.arrivals, kind, times);
  const service = serviceOf(typed.service, kind, times);
  const slots = slotsOf(typed.slots, measured);
  const sizing = size({
    arrivals: arrivals.value,
    serviceSeconds: service.value,
    slots: slots.value,
    hours,
    waitAtMost: wait,
  });
  const from = { arrivals: arrivals.from, service: service.from, slots: slots.from };
  const formulas = sizingFormulas(sizing);
  const said = args.json
    ? JSON.stringify({ of: args.of, from, ...sizing, formulas }, null, 2)
    : printableLines(render(kind, sizing, from, formulas).join('\n'));
  process.stdout.write(`${said}\n`);
};

type Kind = 'unit' | 'spec';

const readKind = (text: string): Kind => {
  if (text === 'units' || text === 'specs') return text === 'units' ? 'unit' : 'spec';
  throw new UserError(`--of: "${text}" is not counted. Write units or specs`);
};

const readNumber = (option: string, text: string, what: string, most: number): number => {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= most) return value;
  throw new UserError(`${option}: "${text}" is not ${what}. Write a number above 0, up to ${most}`);
};

const readSeconds = (text: string): number => {
  const parsed = durationSchema.safeParse(text);
  if (parsed.success && parsed.data > 0) return parsed.data / 1000;
  throw new UserError(`--service: "${text}" is not a duration. Write one such as 90s or 2m`);
};

type Measured = { readonly times: ServiceTimes | null } & Pick<Last, 'slots' | 'engines' | 'night'>;

/** What the last nights took, and the slots of the last one. */
const measure = async (args: SizeArguments): Promise<Measured> => {
  const traces = await tracesOf(args);
  const all = (await nightsIn(traces)).filter((night) => !night.endsWith(putAside));
  const nights = all.slice(-readCount('--nights', args.nights));
  let refused = 0;
  const nodes = function* () {
    for (const night of nights) {
      yield* nightNodes(join(traces, night), () => {
        refused += 1;
      });
    }
  };
  const times = serviceTimes(nodes());
  if (refused > 0) {
    process.stderr.write(`Not measured: ${countNoun(refused, 'bundle')} that cannot be read.\n`);
  }
  return { times, ...(await lastEngines(traces, nights)) };
};

type Last = {
  readonly night: string | undefined;
  readonly engines: readonly string[];
  readonly slots: number | undefined;
};

/** The engines of the last night that has a summary, and their slots where it is one engine. */
const lastEngines = async (traces: string, nights: readonly string[]): Promise<Last> => {
  for (const night of nights.toReversed()) {
    const summary = await summaryIfReadable(join(traces, night));
    if (!summary) continue;
    const [only, ...more] = summary.engines;
    const engines = summary.engines.map(({ engine, slots }) => `${engine} ${slots}`);
    return { night, engines, slots: more.length === 0 ? only?.slots || undefined : undefined };
  }
  return { night: undefined, engines: [], slots: undefined };
};

const typedBy = (option: string) => `from ${option}`;

const arrivalsOf = (
  typed: number | undefined,
  kind: Kind,
  measured: () => ServiceTimes,
): Sourced => {
  if (typed !== undefined) return { value: typed, from: typedBy('--arrivals') };
  const { units, specs, nights } = measured();
  const worked = kind === 'unit' ? units : specs;
  return {
    value: worked / nights,
    from: `measured: ${countNoun(worked, kind)} in ${countNoun(nights, 'night')}`,
  };
};

const serviceOf = (
  typed: number | undefined,
  kind: Kind,
  measured: () => ServiceTimes,
): Sourced => {
  if (typed !== undefined) return { value: typed, from: typedBy('--service') };
  const { basis, units, specs, unitSeconds, specSeconds } = measured();
  const what = basis === 'engine' ? 'time with an engine' : 'time of nodes; rules answered';
  return {
    value: kind === 'unit' ? unitSeconds : specSeconds,
    from: `measured: ${what}, mean of ${countNoun(kind === 'unit' ? units : specs, kind)}`,
  };
};

const timesOf = (measured: Measured | undefined, missing: readonly string[]): ServiceTimes => {
  if (measured?.times) return measured.times;
  const options = missing.map((name) => `--${name}`).join(' and ');
  throw new UserError(`no night here tells how long work takes. Add ${options}, or run a night`);
};

const slotsOf = (typed: number | undefined, measured?: Measured): Sourced => {
  if (typed !== undefined) return { value: typed, from: typedBy('--slots') };
  const { night, engines = [], slots } = measured ?? {};
  if (slots !== undefined)
    return { value: slots, from: `${engines[0]?.split(' ')[0]} in ${night}` };
  const why =
    engines.length > 1
      ? `night ${night} had several engines (with slots: ${engines.join(', ')})`
      : 'no night here tells of an engine with slots';
  throw new UserError(`${why}. Add --slots 4, or as many requests as run at once`);
};

const size = (load: Parameters<typeof sizeNight>[0]): Sizing => {
  try {
    return sizeNight(load);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError('such a night needs millions of slots. Check --arrivals and --service', {
      cause,
    });
  }
};

const states = {
  fits: 'it fits',
  tight: 'it can be done, but waits grow: keep it at 0.8 or below',
  'too-much': 'it cannot be done: the queue grows all night',
} as const;

const render = (
  kind: Kind,
  sizing: Sizing,
  from: Readonly<Record<'arrivals' | 'service' | 'slots', string>>,
  formulas: readonly string[],
): readonly string[] => {
  const { arrivals, cut, waitProbability: wait, meanWaitSeconds } = sizing;
  const row = (name: string, text: string) => `  ${name.padEnd(13)} ${text}`;
  const many = (amount: number) => `${round(amount)} ${kind}s`;
  const without = `or ${countNoun(sizing.slotsNeeded, 'slot')}, or ${duration(sizing.serviceSecondsNeeded)} a ${kind}`;
  return [
    row('Arrivals', `${many(arrivals)} a night of ${sizing.hours} h (${from.arrivals})`),
    row('Service', `${duration(sizing.serviceSeconds)} a ${kind} (${from.service})`),
    row('Slots', `${sizing.slots} (${from.slots})`),
    '',
    row('Utilisation', `${sizing.utilisation.toFixed(2)}: ${states[sizing.state]}`),
    row(
      'Waits',
      wait === null || meanWaitSeconds === null
        ? 'longer and longer'
        : `${(wait * 100).toFixed(1)} % of the ${kind}s, ${duration(meanWaitSeconds)} on average over all`,
    ),
    row('All at once', `${duration(sizing.hoursAtOnce * 3600)} where all are there at the start`),
    row('What fits', `${many(sizing.fits)} a night (${sizing.fitsAtMost} with every slot busy)`),
    row('To cut', cut > 0 ? `${many(Math.ceil(cut))}, ${without}` : 'nothing'),
    row('Slots needed', String(sizing.slotsNeeded)),
    ...(sizing.slotsForWait === null
      ? []
      : [row('', `${sizing.slotsForWait} for at most ${sizing.waitAtMost} of them to wait`)]),
    '',
    'Formulas',
    ...formulas.map((line) => `  ${line}`),
  ];
};

const round = (amount: number): string => String(Math.round(amount * 10) / 10);

const duration = (seconds: number): string => {
  if (seconds >= 5400) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 120) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds >= 1) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 0.001 ? 'under 1 ms' : `${(seconds * 1000).toFixed(0)} ms`;
};
