// SPDX-License-Identifier: GPL-3.0-only
import type { CompileSettings } from './settings.ts';

/** An action at one commit, and what is written behind it: the version that commit was released as. */
export type Pin = { readonly uses: string; readonly comment?: string };

type Outside = 'checkout' | 'upload' | 'download' | 'app';

const app: Pin = {
  uses: 'actions/create-github-app-token@df432ceedc7162793a195dd1713ff69aefc7379e',
  comment: 'v2.0.6',
};

const checkout: Pin = {
  uses: 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683',
  comment: 'v4.2.2',
};

const pins: Readonly<Record<CompileSettings['server'], Readonly<Record<Outside, Pin>>>> = {
  'github.com': {
    app,
    checkout,
    upload: {
      uses: 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02',
      comment: 'v4.6.2',
    },
    download: {
      uses: 'actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093',
      comment: 'v4.3.0',
    },
  },
  // Version 4 and later refuse to run there: github.com/actions/upload-artifact/issues/537
  enterprise: {
    app,
    checkout,
    upload: {
      uses: 'actions/upload-artifact@c6a366c94c3e0affe28c06c8df20a878f24da3cf',
      comment: 'v3.2.2',
    },
    download: {
      uses: 'actions/download-artifact@a9bc5e6ef2cb54c177f32aa5726adaa15e7e2d59',
      comment: 'v3.1.0',
    },
  },
};

/** The action of GitHub's own that runs on that server. */
export const outsidePin = (server: CompileSettings['server'], action: Outside): Pin =>
  pins[server][action];

/** An action of Pantheon's by its folder. */
export const roomPin = ({ actions }: Pick<CompileSettings, 'actions'>, room: string): Pin => {
  if (actions === undefined) return { uses: `./actions/${room}`, comment: ownActions };
  const [where = '', version] = actions.split(' # ');
  const [repository = '', commit = ''] = where.split('@');
  return { uses: `${repository}/actions/${room}@${commit}`, ...(version && { comment: version }) };
};

const ownActions = 'zizmor: ignore[self-repository] not every runner and server knows $/ yet';
