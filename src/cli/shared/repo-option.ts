// SPDX-License-Identifier: GPL-3.0-only

/** The option that nearly every command has. */
export const repoOption = ['--repo <dir>', 'a folder of the repository', '.'] as const;
