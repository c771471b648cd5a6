// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printableLines } from '../../data/printable.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { UserError } from '../../data/user-error.ts';
import { gatherArtifacts } from '../../night/jobs/gather-artifacts.ts';
import { nightFolderIn } from '../../night/record/night-folder.ts';
import { type Bundle, parseAddress } from '../../trace/bundle.ts';
import { extractBundle } from '../../trace/extract-bundle.ts';
import { openTraces } from '../../trace/open-traces.ts';
import { nightsIn, openAddress, type TraceArguments, tracesOf } from '../shared/nights.ts';
import { showBundle } from './show.ts';

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
