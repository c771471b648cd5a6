// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../data/digest.ts';
import { installationFolder, pantheonVersion } from '../../data/installation.ts';
import { readSource, type Source } from '../../data/read-source.ts';

/** `rules/*.pl` of this installation, sorted by name. */
export const shippedRules = async (): Promise<readonly Source[]> => {
  const names = (await readdir(join(installationFolder, 'rules'))).sort();
  return Promise.all(
    names
      .filter((name) => name.endsWith('.pl'))
      .map((name) => readSource(join(installationFolder, 'rules', name), `shipped rules/${name}`)),
  );
};

/** Of the rules that ship; the version stands for the code that tells them facts. */
export const shippedRulesDigest = async (): Promise<string> =>
  digestOf({ version: pantheonVersion, rules: await shippedRules() });
