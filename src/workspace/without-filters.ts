// SPDX-License-Identifier: GPL-3.0-only
import { configEnvironment, git } from './git.ts';

/**
 * Environment in which git reads files as they lie there: a filter that the repository's
 * configuration names would be a command of its choice.
 */
export const withoutFilters = async (
  repository: string,
): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await git(repository, ['config', '--list', '--name-only', '-z']);
  const names = stdout
    .toString('utf8')
    .split('\0')
    .flatMap((key) => /^filter\.(.+)\.[^.]+$/.exec(key)?.[1] ?? []);
  // Not by `-c`, which would cut a name at its first `=`.
  return configEnvironment(
    [...new Set(names)].flatMap((name) => [
      [`filter.${name}.clean`, ''] as const,
      [`filter.${name}.process`, ''] as const,
      [`filter.${name}.required`, 'false'] as const,
    ]),
  );
};
