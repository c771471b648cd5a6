// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../../data/digest.ts';
import type { SpecSummary, Summary } from '../../morning/summary.ts';
import { type Bundle, BundleFault, formatAddress } from '../../trace/bundle.ts';
import { usageSchema } from '../../trace/model-usage.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { changedRegions } from '../../workspace/hunks.ts';
import { type ParsedFile, PatchFault, parsePatch } from '../../workspace/patch-parse.ts';

/*
 * Which lines of a commit an agent wrote, as a record of Agent Trace (https://agent-trace.dev,
 * https://github.com/cursor/agent-trace). Conversations are files and have no address, so there is no `url`.
 */

/** Its JSON Schema takes two numbers where its text says 0.1.0. */
const version = '0.1';

const longestModel = 250;

/** The record of a pull request, from the bundles of those who wrote it. @throws BundleFault for a patch that is none. */
export const agentTraceOf = async (
  { night, startedAt }: Pick<Summary, 'night' | 'startedAt'>,
  { id: spec, commit, url }: SpecSummary & { readonly commit: string },
  written: readonly Bundle[],
  pantheonVersion: string,
): Promise<object> => {
  const files = (await Promise.all(written.map((bundle) => filesOf(bundle, url)))).flat();
  return {
    version,
    id: uuidOf(night, spec, commit),
    timestamp: startedAt,
    vcs: { type: 'git', revision: commit },
    tool: { name: 'pantheon', version: pantheonVersion },
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    metadata: {
      pantheon: {
        ...{ night, spec },
        bundles: written.map(({ address, identity, facts }) => ({
          step: `${night}/${formatAddress(address)}`,
          ...{ identity, agent: facts.agent },
        })),
      },
    },
  };
};

type Range = { readonly start_line: number; readonly end_line: number };

/** The files whose patch leaves lines; none for one that was only removed, or is not text. */
const filesOf = async (bundle: Bundle, url: string | undefined) => {
  const contributor = contributorOf(bundle);
  const files = await Promise.all(
    patchOf(bundle).map(async (file) => ({ path: file.path, ranges: await rangesOf(file) })),
  );
  return files
    .filter(({ ranges }) => ranges.length > 0)
    .map(({ path, ranges }) => ({
      path,
      conversations: [
        {
          ...(contributor && { contributor }),
          ranges,
          ...(url !== undefined && { related: [{ type: 'pull-request', url }] }),
        },
      ],
    }));
};

/** Rules are neither a model nor a person, and the format has no word for them. */
const contributorOf = ({ files }: Bundle) => {
  const usage = usageSchema.safeParse(parseJson(files['metrics.json'])).data;
  if (!usage) return undefined;
  const { model } = usage.runtime;
  return {
    type: 'ai',
    ...(model !== undefined && model.length <= longestModel && { model_id: model }),
  };
};

const patchOf = ({ address, files }: Bundle): readonly ParsedFile[] => {
  try {
    return parsePatch(files['diff.patch'] ?? '');
  } catch (error) {
    if (!(error instanceof PatchFault)) throw error;
    throw new BundleFault(formatAddress(address), `has a patch that is none: ${error.message}`);
  }
};

/** Lines on the new side, counted from 1. */
const rangesOf = async ({ content }: ParsedFile): Promise<readonly Range[]> => {
  if (!('hunks' in content)) return [];
  const ranges: Range[] = [];
  for (const { newStart, oldLines, newLines } of content.hunks) {
    for (const region of await changedRegions(oldLines, newLines)) {
      if (region.newEnd === region.newStart) continue;
      ranges.push({
        start_line: newStart + region.newStart + 1,
        end_line: newStart + region.newEnd,
      });
    }
  }
  return ranges;
};

/** A UUID of what a record is about (version 8, RFC 9562): exported again it is the same. */
const uuidOf = (...about: readonly string[]): string => {
  const digest = sha256(JSON.stringify(about));
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
};
