// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { printableLines } from '../../data/printable.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { UserError } from '../../data/user-error.ts';
import { gatherArtifacts } from '../../night/jobs/gather-artifacts.ts';
import { nightFolderIn } from '../../night/record/night-folder.ts';
import { type Bundle, isSegment, parseAddress } from '../../trace/bundle.ts';
import { extractBundle } from '../../trace/extract-bundle.ts';
import { openTraces } from '../../trace/open-traces.ts';
import { locate } from '../shared/state.ts';
import { showBundle } from './show.ts';

export type TraceArguments = { readonly repo: string; readonly traces?: string };

/** The folder of the nights: `--traces`, else the repository's. */
export const tracesOf = async (args: TraceArguments): Promise<string> =>
  args.traces === undefined ? (await locate(args.repo)).state.traces : resolve(args.traces);

/** Names of the nights, oldest first. */
export const nightsIn = async (traces: string): Promise<readonly string[]> =>
  (await readdir(traces).catch(() => [])).filter(isSegment).sort();

/** Splits `NIGHT/SPEC/UNIT/NODE` and opens the night. @throws UserError when there is none. */
export const openAddress = async (text: string, args: TraceArguments) => {
  const traces = await tracesOf(args);
  const [night = '', ...rest] = text.replace(/\/+$/, '').split('/');
  const folder = join(traces, night);
  if (!isSegment(night) || !existsSync(folder)) {
    const nights = (await nightsIn(traces)).join(', ') || 'none';
    throw new UserError(`there is no night "${night}"; there are ${nights}`);
  }
  return { folder, night, rest };
};

/** A bundle by its whole address. @throws UserError when it is not there. */
export const readBundle = async (
  text: string,
  args: TraceArguments,
): Promise<{ readonly folder: string; readonly bundle: Bundle }> => {
  const { folder, rest } = await openAddress(text, args);
  const bundle = openTraces(folder).read(parseAddress(rest.join('/')));
  if (!bundle)
    throw new UserError(`${text} left no bundle; see pantheon trace show ${text.split('/')[0]}`);
  return { folder, bundle };
};

type ShowArguments = TraceArguments & { readonly json?: true; readonly extract?: string };

/** `pantheon trace show`; `artifacts`: of a night on GitHub, a folder for each. */
export const showCommand = async (
  text: string | undefined,
  { artifacts, ...args }: ShowArguments & { readonly artifacts?: string },
): Promise<void> => {
  if (artifacts === undefined) return show(text, args);
  const traces = await makeTemporaryFolder('traces');
  try {
    const { refused } = await gatherArtifacts({
      from: resolve(artifacts),
      into: nightFolderIn(traces),
    });
    for (const line of refused) process.stderr.write(`Not taken: ${line}.\n`);
    await show(text, { ...args, traces });
  } finally {
    await rm(traces, { recursive: true, force: true });
  }
};

/** Without an address, the nights. */
const show = async (text: string | undefined, args: ShowArguments): Promise<void> => {
  if (text === undefined) {
    const nights = await nightsIn(await tracesOf(args));
    process.stdout.write(`${nights.join('\n') || 'No night has left a trace here.'}\n`);
    return;
  }
  const { folder, night, rest } = await openAddress(text, args);
  if (rest.length < 3) {
    process.stdout.write(`${printableLines(list(folder, night, rest).join('\n'))}\n`);
    return;
  }
  const { bundle } = await readBundle(text, args);
  if (args.extract !== undefined) {
    extractBundle(folder, bundle.address, args.extract);
    process.stdout.write(`${text} is in ${args.extract}\n`);
  } else if (args.json) {
    process.stdout.write(`${JSON.stringify(bundle, null, 2)}\n`);
  } else {
    process.stdout.write(showBundle(bundle, { color: process.stdout.isTTY === true }));
  }
};

const list = (
  folder: string,
  night: string,
  [spec, unit]: readonly string[],
): readonly string[] => {
  const traces = openTraces(folder);
  const addresses = (spec === undefined ? traces.specs() : [spec])
    .flatMap((name) => traces.list(name))
    .filter((address) => unit === undefined || address.unit === unit)
    .map((address) => `${night}/${address.spec}/${address.unit}/${address.node}`);
  if (addresses.length > 0) return addresses;
  throw new UserError(`${[night, spec, unit].filter(Boolean).join('/')} has no bundle`);
};
