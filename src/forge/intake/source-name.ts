// SPDX-License-Identifier: GPL-3.0-only

/** Issues stand beside the files of `specs/` under such names; `nameIssues` writes them for people. */
export const sourceName = (issue: number): string => `issues/${issue}.yaml`;

/** Names issues in a message about specs as people know them; a line within one means nothing to them. */
export const nameIssues = (message: string): string =>
  message.replace(/\bissues\/(\d+)\.yaml(?::\d+:\d+)?/g, 'issue #$1');
