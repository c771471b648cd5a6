// SPDX-License-Identifier: GPL-3.0-only
import type { CompileSettings } from './settings.ts';

/** An action at one commit, and what is written behind it: the version that commit was released as. */
export type Pin = { readonly uses: string; readonly comment?: string };

type GithubAction = 'checkout' | 'upload' | 'download' | 'page' | 'app';

/*
 * Commit and version stand together in many public repositories, among them:
 * checkout: BabylonJS/Babylon.js .github/aw/actions-lock.json, anza-xyz/kit#1631,
 *   code-cargo/cargowall#41
 * upload-artifact: BabylonJS/Babylon.js .github/aw/actions-lock.json, and the next one's
 * upload-artifact v7.0.1: spiffe/spire#7053 (both tags v7 and v7.0.1 point at it), NortheBridge/luminalshine#74,
 *   OpenVPN/openvpn-rfc#28
 * download-artifact, create-github-app-token: ten unrelated repositories that pin them were compared
 * Whoever moves a pin looks the tag up: git ls-remote https://github.com/actions/NAME refs/tags/vN.
 */
const app: Pin = {
  uses: 'actions/create-github-app-token@f8d387b68d61c58ab83c6c016672934102569859',
  comment: 'v3.0.0',
};

const checkout: Pin = {
  uses: 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd',
  comment: 'v6.0.2',
};

const pins = {
  'github.com': {
    app,
    checkout,
    upload: {
      uses: 'actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f',
      comment: 'v6.0.0',
    },
    // For the page alone: it knows how to leave a file as it is.
    page: {
      uses: 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a',
      comment: 'v7.0.1',
    },
    download: {
      uses: 'actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131',
      comment: 'v7.0.0',
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
} as const satisfies Readonly<
  Record<CompileSettings['server'], Readonly<Partial<Record<GithubAction, Pin>>>>
>;

/** The action of GitHub's own that runs on that server. */
export const githubPin = (
  server: CompileSettings['server'],
  action: Exclude<GithubAction, 'page'>,
): Pin => pins[server][action];

/** The action that leaves the page as one file that is not zipped; an Enterprise Server has none. */
export const pagePin: Pin = pins['github.com'].page;

/** An action of Pantheon's by its folder. */
export const ownPin = ({ actions }: Pick<CompileSettings, 'actions'>, folder: string): Pin => {
  if (actions === undefined) return { uses: `./actions/${folder}`, comment: fromOwnRepository };
  const [where = '', version] = actions.split(' # ');
  const [repository = '', commit = ''] = where.split('@');
  return {
    uses: `${repository}/actions/${folder}@${commit}`,
    ...(version && { comment: version }),
  };
};

const fromOwnRepository =
  'zizmor: ignore[self-repository] not every runner and server knows $/ yet';

/**
 * The first major version of each action that asks for Node 24 (`runs.using` of its action.yml);
 * what is older asks for Node 20 or less, which GitHub's runners have no longer since 2026-09-16.
 * Sources: actions/upload-artifact#745, actions/download-artifact#452, the release notes of
 * actions/checkout v5.0.0 and actions/create-github-app-token v3.0.0.
 */
const firstOnNode24: Readonly<Record<string, number>> = {
  'actions/checkout': 5,
  'actions/upload-artifact': 6,
  'actions/download-artifact': 7,
  'actions/create-github-app-token': 3,
};

/** An action in a workflow that asks for a Node that the runners no longer have. */
export type AgedPin = {
  /** From 1. */
  readonly line: number;
  readonly action: string;
  readonly version: string;
  /** The first major version that asks for one they have. */
  readonly from: number;
};

/**
 * Actions in a workflow's text whose runtime is gone, by the version that stands in `@v4` or behind
 * the commit. What an Enterprise Server needs in an old version (`server`) is none of them.
 */
export const agedPins = (text: string, server: CompileSettings['server']): readonly AgedPin[] => {
  const needed = new Set(Object.values(pins[server]).map(({ uses }) => uses));
  return text.split('\n').flatMap((content, index) => {
    const [, action = '', ref = '', comment] =
      /^\s*(?:- )?uses:\s*['"]?([\w.-]+\/[\w.-]+)@([\w.-]+)['"]?\s*(?:#\s*(v\d[\w.]*))?/.exec(
        content,
      ) ?? [];
    const version = comment ?? ref;
    const major = /^v(\d+)(?:\.|$)/.exec(version)?.[1];
    const from = firstOnNode24[action];
    if (major === undefined || from === undefined || Number(major) >= from) return [];
    return needed.has(`${action}@${ref}`) ? [] : [{ line: index + 1, action, version, from }];
  });
};
