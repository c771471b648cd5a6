// SPDX-License-Identifier: GPL-3.0-only
import { githubPin, ownPin, pagePin } from './pins.ts';
import type { CompileSettings } from './settings.ts';

/** A step as a workflow has it; `comment` is written behind `uses`. */
export type WorkflowStep = {
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
): WorkflowStep => ({
  name: 'Take a token of the GitHub App',
  id: 'app',
  ...githubPin(server, 'app'),
  with: {
    'app-id': id,
    'private-key': expression(`secrets.${key}`),
    'permission-contents': 'write',
    'permission-issues': 'write',
    'permission-pull-requests': 'write',
  },
});

/** The base commit, alone or with its `history`. No credentials stay behind. */
export const checkOut = (
  { server }: CompileSettings,
  how: { readonly history?: true } = {},
): WorkflowStep => ({
  name: 'Check out the base commit',
  ...githubPin(server, 'checkout'),
  with: { 'persist-credentials': false, 'fetch-depth': how.history ? 0 : 1 },
});

/**
 * Fetches what earlier jobs left, a folder per artifact. What does not arrive is told by the step
 * that reads it, and costs its own specs only.
 */
export const fetchArtifacts = ({ server }: CompileSettings, pattern: string): WorkflowStep => ({
  name: 'Fetch what earlier jobs left',
  'continue-on-error': true,
  ...githubPin(server, 'download'),
  with: {
    path: `${jobFolder}/arrived`,
    // Version 3 fetches everything and knows no pattern.
    ...(server === 'github.com' && { pattern }),
  },
});

/** Leaves the job's own files under a name that no other job and no other attempt has. */
export const leaveArtifact = (
  { server, retentionDays }: CompileSettings,
  name: string,
  folder: string,
  always: boolean,
): WorkflowStep => ({
  name: 'Leave what this job made',
  ...(always && { if: expression('always()') }),
  ...githubPin(server, 'upload'),
  with: {
    name: `${name}.attempt-${expression('github.run_attempt')}`,
    path: `${jobFolder}/${folder}`,
    'if-no-files-found': always ? 'ignore' : 'error',
    'retention-days': retentionDays,
  },
});

/**
 * Leaves the page as one file that a browser opens from the run, beside the artifact that has it zipped. Such an artifact
 * is named after its file, so a further attempt takes its place, and needs the name for that: actions/upload-artifact#769.
 */
export const leavePage = ({ server, retentionDays }: CompileSettings): readonly WorkflowStep[] =>
  server === 'github.com'
    ? [
        {
          name: 'Leave the page as it is',
          if: expression('always()'),
          'continue-on-error': true,
          ...pagePin,
          with: {
            name: 'report.html',
            path: `${jobFolder}/morning/report.html`,
            archive: false,
            overwrite: true,
            'if-no-files-found': 'ignore',
            'retention-days': retentionDays,
          },
        },
      ]
    : [];

/** An action of Pantheon's by its folder: inputs reach it by environment. */
export const runAction = (
  settings: CompileSettings,
  folder: string,
  name: string,
  id: string,
  inputs: WorkflowStep['with'],
): WorkflowStep => ({ name, id, ...ownPin(settings, folder), ...(inputs && { with: inputs }) });

/** An expression as workflows write it. */
export const expression = (text: string): string => `\${{ ${text} }}`;
