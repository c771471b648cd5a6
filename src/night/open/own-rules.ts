// SPDX-License-Identifier: GPL-3.0-only
import { configName } from '../../config/config-mistake.ts';
import type { Config } from '../../config/schema.ts';
import type { Source } from '../../data/read-source.ts';
import { UserError } from '../../data/user-error.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { listBaseFolder, readBaseFile } from './base-files.ts';

/** Where a repository's own rules are, as paths of its tree begin; nothing where it has none. */
export const rulesFolder = ({ rules }: Pick<Config, 'rules'>): string | undefined =>
  rules === false ? undefined : rules.replace(/^\.\//, '').replace(/\/+$/, '');

/** A repository's own rules in a commit, sorted. @throws UserError where a folder is named and has none. */
export const ownRulePaths = (base: BaseTree, config: Pick<Config, 'rules'>): readonly string[] => {
  const folder = rulesFolder(config);
  if (folder === undefined) return [];
  const paths = listBaseFolder(base, folder).filter((path) => path.endsWith('.pl'));
  if (paths.length > 0 || folder === defaultFolder) return paths.toSorted();
  throw new UserError(
    `rules: ${folder}/ has no *.pl in the commit. Name the folder of the rules, or false where there are none`,
    { place: { file: configName } },
  );
};

/** What nobody has to name may be absent. */
const defaultFolder = 'rules';

/** Those rules as texts. */
export const readOwnRules = async (
  base: BaseTree,
  config: Pick<Config, 'rules'>,
): Promise<readonly Source[]> => {
  const paths = ownRulePaths(base, config);
  const sources = await Promise.all(paths.map((path) => readBaseFile(base, path)));
  return sources.filter((source) => source !== undefined);
};
