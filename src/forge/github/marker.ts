// SPDX-License-Identifier: GPL-3.0-only
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type PullRequest, pullRequestSchema } from '../forge.ts';

/*
 * What a pull request's text says about itself out of sight. Anyone who may push branches of this
 * repository can write such a text; nobody else's is believed.
 */

/** A pull request's identity, (spec id, spec digest). */
export const identityMarker = ({
  spec,
  specDigest,
}: Pick<PullRequest, 'spec' | 'specDigest'>): string => `<!-- pantheon:${spec}:${specDigest} -->`;

/** More than this would crowd out what people read. */
const maxRecord = 12_000;
const maxUnpacked = 1024 * 1024;

/** Everything but the text, deflated, as base64: an HTML comment may contain it. */
export const recordMarker = (pullRequest: PullRequest): string => {
  const { body: _, ...record } = pullRequest;
  for (const units of [record.units, { ...record.units, approved: [] }]) {
    const packed = pack({ ...record, units });
    if (packed.length <= maxRecord) return `<!-- pantheon-record ${packed} -->`;
  }
  return '';
};

const pack = (record: object): string => deflateRawSync(JSON.stringify(record)).toString('base64');

/**
 * The pull request that a text is of, if its identity and its record are there and agree. The last
 * record counts: what is above it quotes names and sentences of others.
 */
export const readRecord = (text: string): PullRequest | undefined => {
  const records = text.matchAll(/<!-- pantheon-record ([A-Za-z0-9+/=]{1,20000}) -->/g);
  const packed = [...records].at(-1)?.[1];
  if (packed === undefined) return undefined;
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: maxUnpacked });
    const record = JSON.parse(bytes.toString('utf8')) as object;
    const pullRequest = pullRequestSchema.parse({ ...record, body: text });
    return text.includes(identityMarker(pullRequest)) ? pullRequest : undefined;
  } catch {
    // Somebody's edit: the text says nothing any more.
    return undefined;
  }
};

/** Begins a comment that is kept up to date; see `isOwn`. */
export const commentMarker = (key: string): string => `<!-- pantheon:comment:${key} -->`;
