// SPDX-License-Identifier: GPL-3.0-only
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { secretInBytes } from '../../secrets/find-secrets.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';

const names =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)(?:_|$)/i;

/** Where tools of clouds and of git keep what lets them in, below a home. */
const kept = [
  '.aws/credentials',
  '.azure',
  '.config/gcloud',
  '.config/gh/hosts.yml',
  '.docker/config.json',
  '.git-credentials',
  '.kube/config',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.ssh',
];

const isReadable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};

const homes = (): readonly string[] => {
  const others = isReadable('/home') ? readdirSync('/home').map((name) => join('/home', name)) : [];
  return [...new Set([homedir(), '/root', ...others])];
};

/** Credentials that this process could use: variables and files, by name and never by value. */
export const visibleCredentials = (
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] => [
  ...Object.entries(environment)
    .filter(([name, value]) => value !== '' && names.test(name))
    .map(([name]) => `the variable ${name}`),
  ...homes()
    .flatMap((home) => kept.map((name) => join(home, name)))
    .filter(isReadable),
];

const isEnvironmentFile = (path: string): boolean =>
  /^\.env(?:\..+)?$/.test(basename(path)) &&
  !/\.(?:example|sample|template|dist|defaults?|schema)$/.test(path);

/** `.env` files of a commit that hold a secret, with its line. */
export const committedCredentials = async (base: BaseTree): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const [path, { oid }] of base.entries) {
    if (!isEnvironmentFile(path)) continue;
    const secret = secretInBytes(await base.read(oid));
    if (secret) found.push(`${path}:${secret.line} of the commit`);
  }
  return found;
};
