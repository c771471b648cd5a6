// SPDX-License-Identifier: GPL-3.0-only
import { styleText } from 'node:util';
import { printable } from '../../data/printable.ts';
import type { Check } from '../../engine/contract/engine.ts';
import { wrap } from '../shared/wrap.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { CheckState, ProfileReport, RuntimeReport } from './profiles.ts';

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** What was found for a person: machine, profiles, other engines; each thing with its next step. */
export const renderDiagnosis = (diagnosis: Diagnosis, width: number | undefined): string => {
  const { machine, profiles, engines, own: hasConfig } = diagnosis;
  const chosen = profiles.find((profile) => profile.chosen);
  const lines = [
    title('Machine'),
    ...machine.flatMap(({ name, state, detail, fix }) => [
      ...row(state, name, detail, width),
      ...next(state === 'ok' ? undefined : fix, width),
    ]),
    '',
    title(`Profiles (${hasConfig ? 'pantheon.yaml' : 'as shipped; there is no pantheon.yaml'})`),
    ...profiles.flatMap((profile) => profileRows(profile, width)),
    ...(engines.length === 0 ? [] : ['', title('Engines that no profile uses')]),
    ...engines.flatMap(({ engine, detail, next: step }) => [
      ...row('none', engine, detail, width),
      ...next(step, width),
    ]),
    ...(engines.length === 0 ? [] : wrap('How to set each up: docs/engines.md', width, 2)),
    '',
    ...wrap(closing(chosen?.name ?? '', diagnosis), width, 0),
    '',
  ];
  return lines.join('\n');
};

const closing = (chosen: string, { machine, profiles, works, ready }: Diagnosis): string => {
  if (works && ready) {
    return machine.some(({ fix }) => fix?.startsWith('git add'))
      ? `The profile "${chosen}" works; commit it, and a night can run with it.`
      : `The profile "${chosen}" works: a night can run with it.`;
  }
  if (works) {
    return `The profile "${chosen}" works; a night of your own needs what failed above, the example night does not.`;
  }
  const other = profiles.filter(({ state }) => state !== 'fail').map(({ name }) => `"${name}"`);
  const instead = other.length === 0 ? '' : ` These work now: ${other.join(', ')}.`;
  return `The profile "${chosen}" does not work yet.${instead}`;
};

const profileRows = (profile: ProfileReport, width: number | undefined): readonly string[] => [
  ...row(
    profile.state,
    profile.name,
    `${profile.chosen ? '(chosen) ' : ''}${engineNames(profile)}`,
    width,
  ),
  ...profile.runtimes.flatMap((runtime) => runtimeRows(runtime, width)),
  ...(profile.dependent
    ? wrap(`${mark('fail')} reviewers: ${profile.dependent.reason}`, width, 6)
    : []),
  ...next(profile.next, width),
];

const engineNames = ({ runtimes }: ProfileReport): string =>
  [
    ...new Set(runtimes.filter(({ settings }) => settings.length > 0).map(({ engine }) => engine)),
  ].join(', ');

/** Rules need no words; of an engine with weights, all that was looked at. */
const runtimeRows = (
  { settings, engine, model, adapter, state, checks }: RuntimeReport,
  width: number | undefined,
): readonly string[] => {
  if (engine === 'rules' && state === 'ok') return [];
  const weights = [model, adapter].filter(Boolean).join(' + ');
  const head = [settings.join(', '), engine, weights].filter(Boolean).join(' ');
  return [
    ...wrap(printable(head), width, 6),
    ...checks.flatMap((check) =>
      wrap(`${mark(check.state)} ${check.name}: ${printable(words(check))}`, width, 8),
    ),
  ];
};

/** What fails has its next step at the end of the profile; what is only worth a look has its own. */
const words = ({ state, detail, fix }: Check): string =>
  state === 'warn' && fix !== undefined ? `${detail}; ${fix}` : detail;

const title = (text: string): string => styleText('bold', text);

const mark = (state: CheckState | 'none'): string =>
  state === 'none' ? '-   ' : styleText(colours[state], state.padEnd(4));

const row = (
  state: CheckState | 'none',
  name: string,
  detail: string,
  width: number | undefined,
): readonly string[] => {
  const [first = '', ...rest] = wrap(printable(detail), width, 20);
  const shown = printable(name);
  return [`  ${mark(state)} ${shown.padEnd(12)} ${first.trimStart()}`.trimEnd(), ...rest];
};

const next = (step: string | undefined, width: number | undefined): readonly string[] =>
  step === undefined ? [] : wrap(`next: ${printable(step)}`, width, 7);
