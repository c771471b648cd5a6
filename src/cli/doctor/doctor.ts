// SPDX-License-Identifier: GPL-3.0-only
import { selectProfile } from '../../config/select-profile.ts';
import { untilInterrupted } from '../shared/interrupt.ts';
import type { Diagnosis } from './diagnosis.ts';
import { engineReports } from './engines.ts';
import { machineFindings } from './machine.ts';
import { type Installed, inPath } from './next-step.ts';
import { profileReports } from './profiles.ts';
import { doctorSources } from './sources.ts';
import { renderDiagnosis } from './table.ts';

export type DoctorArguments = {
  readonly repo: string;
  readonly profile?: string;
  readonly json?: true;
};

/** `pantheon doctor`: exit code 1 when the chosen profile does not work. */
export const doctorCommand = async (args: DoctorArguments): Promise<void> => {
  await untilInterrupted('Interrupted; looking leaves nothing behind.', async (signal) => {
    const diagnosis = await diagnose(args, signal);
    const text = args.json
      ? `${JSON.stringify(diagnosis, null, 2)}\n`
      : renderDiagnosis(diagnosis, process.stdout.columns);
    process.stdout.write(text);
    process.exitCode = diagnosis.works ? 0 : 1;
  });
};

/** Looks at the machine and at every profile, or the one that is named. @throws UserError on settings written wrong. */
export const diagnose = async (
  { repo, profile }: Pick<DoctorArguments, 'repo' | 'profile'>,
  signal: AbortSignal,
  installed: Installed = inPath,
): Promise<Diagnosis> => {
  const sources = await doctorSources(repo);
  const { config } = sources;
  selectProfile(config, profile);
  const chosen = profile ?? config.profile;
  const names = profile === undefined ? Object.keys(config.profiles) : [profile];
  const machine = [...(await machineFindings()), sources.finding];
  const profiles = await profileReports(sources, names, chosen, { installed, signal });
  const bound = new Set(profiles.flatMap(({ runtimes }) => runtimes.map(({ engine }) => engine)));
  const works = profiles.some((each) => each.chosen && each.state !== 'fail');
  return {
    machine,
    own: sources.own,
    profiles,
    engines: profile === undefined ? engineReports(bound, installed) : [],
    works,
    ready: works && machine.every(({ state }) => state !== 'fail'),
  };
};
