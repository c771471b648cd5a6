// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { byNight } from '../../night/record/night-folder.ts';
import { isSegment } from '../../trace/bundle.ts';
import { locate } from './state.ts';

export type TraceArguments = { readonly repo: string; readonly traces?: string };

/** The folder of the nights: `--traces`, else the repository's. */
export const tracesOf = async (args: TraceArguments): Promise<string> =>
  args.traces === undefined ? (await locate(args.repo)).state.traces : resolve(args.traces);

/** Names of the nights, oldest first. */
export const nightsIn = async (traces: string): Promise<readonly string[]> =>
  (await readdir(traces).catch(() => [])).filter(isSegment).sort(byNight);

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

/** The folder of a night that is named whole. @throws UserError for a step, or where there is no such night. */
export const openNight = async (text: string, args: TraceArguments): Promise<string> => {
  const { folder, night, rest } = await openAddress(text, args);
  if (rest.length === 0) return folder;
  throw new UserError(`"${text}" is a step. Name a night, such as ${night}`);
};

/** Names of the nights that were published, oldest first. */
export const publishedNights = async (traces: string): Promise<readonly string[]> =>
  (await nightsIn(traces)).filter((name) => existsSync(join(traces, name, 'summary.json')));

/** Names and folders of the nights, oldest first; one that was stopped before anything was decided recorded nothing. */
export const decidedNights = async (
  args: TraceArguments,
): Promise<readonly (readonly [night: string, folder: string])[]> => {
  const traces = await tracesOf(args);
  return (await nightsIn(traces))
    .map((night) => [night, join(traces, night)] as const)
    .filter(([, folder]) => existsSync(join(folder, 'night.json')));
};
