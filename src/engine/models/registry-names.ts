// SPDX-License-Identifier: GPL-3.0-only

/** What the file of trained versions is called, beside `pantheon.yaml` in the repository. */
export const registryName = 'registry.yaml';

/** What a set of chores is known by, in whatever order and however often each is named. */
export const routeKey = (chores: readonly string[]): string =>
  [...new Set(chores)].sort().join(' ');
