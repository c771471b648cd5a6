// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { doubtReviews } from '../../../src/night/publish/doubt-reviews.ts';
import type { Decision } from '../../../src/review/gate/gate-agent.ts';
import type { Bundle, BundleAddress } from '../../../src/trace/bundle.ts';

const patchDigest = 'a'.repeat(64);

const reviewOf = (reviewer: string, more: Readonly<Record<string, unknown>> = {}) => ({
  verdict: 'approve',
  findings: [],
  patchDigest,
  reviewer,
  runtime: `runtime of ${reviewer}`,
  ...more,
});

type Reviews = readonly ReturnType<typeof reviewOf>[];
type Texts = Readonly<Record<string, string | undefined>>;

/** What is said of a decision that names two reviewers, where their bundles hold something else. */
const doubt = (
  written: Texts,
  reviews: Reviews = [reviewOf('reviewA'), reviewOf('reviewB')],
): string | undefined => {
  const texts: Texts = {
    reviewA: JSON.stringify(reviewOf('reviewA')),
    reviewB: JSON.stringify(reviewOf('reviewB')),
    ...written,
  };
  const read = ({ node }: BundleAddress): Bundle | undefined => {
    const text = texts[node];
    const files = { ...(text !== undefined && { 'review.json': text }) };
    return { files } as Partial<Bundle> as Bundle;
  };
  const unit = { id: 'u', state: 'approved', paths: ['a'], patchDigest, reviews };
  const decision = { units: [unit] } as unknown as Decision;
  return doubtReviews({ read }, 'tidy', decision);
};

test('two reviewers who approve what is opened leave no doubt', (t) => {
  t.is(doubt({}), undefined);
});

const rows: Readonly<Record<string, readonly [Texts, Reviews?]>> = {
  'has no review': [{ reviewB: undefined }],
  'is no JSON': [{ reviewB: '{' }],
  'is no review': [{ reviewB: '[]' }],
  rejects: [{ reviewB: JSON.stringify(reviewOf('reviewB', { verdict: 'reject' })) }],
  'is of another patch': [
    { reviewB: JSON.stringify(reviewOf('reviewB', { patchDigest: 'b'.repeat(64) })) },
  ],
  'is of another runtime': [{ reviewB: JSON.stringify(reviewOf('reviewB', { runtime: 'x' })) }],
  "is another's": [{ reviewB: JSON.stringify(reviewOf('reviewA')) }],
};

for (const [what, [written]] of Object.entries(rows)) {
  test(`a bundle that ${what} does not approve`, (t) => {
    t.is(doubt(written), 'the bundle of reviewB does not approve the patch of u');
  });
}

test('one reviewer, however often named, is not two', (t) => {
  const reason = 'u was not approved by two reviewers';
  t.is(doubt({}, [reviewOf('reviewA')]), reason);
  t.is(doubt({}, [reviewOf('reviewA'), reviewOf('reviewA')]), reason);
  t.is(doubt({}, []), reason);
  const third = { reviewC: JSON.stringify(reviewOf('reviewC')) };
  t.is(doubt(third, [reviewOf('reviewA'), reviewOf('reviewB'), reviewOf('reviewC')]), reason);
});
