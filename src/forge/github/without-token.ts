// SPDX-License-Identifier: GPL-3.0-only
import { ForgeFault } from '../forge-fault.ts';
import type { GithubClient } from './client.ts';

/** Refuses every call: the forge is out of reach. */
export const withoutToken: GithubClient = {
  call: () => Promise.reject(noToken()),
  pages: () => Promise.reject(noToken()),
  query: () => Promise.reject(noToken()),
  location: () => Promise.reject(noToken()),
};

const noToken = (): ForgeFault =>
  new ForgeFault('unreachable', 'there is no token for GitHub; set PANTHEON_GITHUB_TOKEN');
