// SPDX-License-Identifier: GPL-3.0-only
import type { Forge } from '../forge/forge.ts';
import { openLocalForge } from '../forge/local.ts';
import type { StateFolder } from '../night/state-folder.ts';

/** Where a repository's pull requests go: branches of it, and files in its state folder. */
export const forgeOf = (repository: string, state: StateFolder): Forge =>
  openLocalForge({ repository, folder: state.pullRequests, decisions: state.decisions });
