// SPDX-License-Identifier: GPL-3.0-only
import { outsidePin, roomPin } from './pins.ts';
import type { CompileSettings } from './settings.ts';

/** A step as a workflow holds it; `comment` is written behind `uses`. */
export type Step = {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly 'continue-on-error'?: true;
  readonly uses: string;
  readonly comment?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
};

/** Where a job keeps what arrived and what it leaves: emptied by the runner after each job. */
export const jobFolder = `\${{ runner.temp }}/pantheon`;

/** The token of the user's GitHub App, for this repository and what publish writes; the action takes it back when the job ends. */
export const takeAppToken = (
  { server }: CompileSettings,
  { id, key }: NonNullable<CompileSettings['app']>,
): Step => ({
  name: 'Take a token of the GitHub App',
  id: 'app',
  ...outsidePin(server, 'app'),
  with: {
    'app-id': id,
    'private-key': expression(`secrets.${key}`),
    'permission-contents': 'write',
    'permission-issues': 'write',
    'permission-pull-requests': 'write',
  },
});

/** The base commit with its history: a spec may ask for the date of a file's first commit. */
export const checkOut = ({ server }: CompileSettings): Step => ({
  name: 'Check out the base commit',
  ...outsidePin(server, 'checkout'),
  with: { 'persist-credentials': false, 'fetch-depth': 0 },
});

/**
 * Fetches what earlier jobs left, a folder per artifact. What does not arrive is told by the step
 * that reads it, and costs its own specs only.
 */
export const fetchArtifacts = ({ server }: CompileSettings, pattern: string): Step => ({
  name: 'Fetch what earlier jobs left',
  'continue-on-error': true,
  ...outsidePin(server, 'download'),
  with: {
    path: `${jobFolder}/arrived`,
    // Version 3 fetches everything and knows no pattern.
    ...(server === 'github.com' && { pattern }),
  },
});

/** Leaves the job's own files under a name that no other job and no other try has. */
export const leaveArtifact = (
  { server, retentionDays }: CompileSettings,
  name: string,
  folder: string,
  always: boolean,
): Step => ({
  name: 'Leave what this job made',
  ...(always && { if: expression('always()') }),
  ...outsidePin(server, 'upload'),
  with: {
    name: `${name}.attempt-${expression('github.run_attempt')}`,
    path: `${jobFolder}/${folder}`,
    'if-no-files-found': always ? 'ignore' : 'error',
    'retention-days': retentionDays,
  },
});

/** A room of Pantheon's: inputs reach it by environment. */
export const runRoom = (
  settings: CompileSettings,
  room: string,
  name: string,
  id: string,
  inputs: Step['with'],
): Step => ({ name, id, ...roomPin(settings, room), ...(inputs && { with: inputs }) });

/** An expression as workflows write it. */
export const expression = (text: string): string => `\${{ ${text} }}`;
