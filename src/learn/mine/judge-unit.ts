// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { outputSchema } from '../../agent/schema.ts';
import { hiddenPatchSchema, reviewSchema, type Truth, type Verdict } from '../../review/schema.ts';
import type { Bundle } from '../../trace/bundle.ts';
import { parseJson } from '../../trace/shown-values.ts';

/** What a bundle says of its unit; what it says in another form than this version writes counts as not said. */
export type NodeSays = {
  readonly isFine: boolean;
  readonly isTest: boolean;
  readonly patchDigest?: string | undefined;
  readonly review?: { readonly verdict: Verdict; readonly patchDigest: string } | undefined;
  /** Of a patch that an exam hid among the units. */
  readonly truth?: Truth | undefined;
};

const { status, patchDigest, changes } = outputSchema.shape;
const patchSchema = z.object({ status, patchDigest, changes });

/** Reads a verified bundle. */
export const nodeSays = ({ files }: Bundle): NodeSays => {
  const output = read(patchSchema, files['output.json']);
  const hasPatch = (output?.changes ?? []).length > 0;
  return {
    isFine: files['error.json'] === undefined && output?.status === 'ok',
    isTest: files['tests.log'] !== undefined,
    patchDigest: hasPatch ? output?.patchDigest : undefined,
    review: read(reviewSchema, files['review.json']),
    truth: read(hiddenPatchSchema, files['exam.json'])?.truth,
  };
};

/** Whether all of a unit's nodes went well, tests among them, and two reviewers approve the patch of one of them. */
export const isGreen = (nodes: readonly NodeSays[]): boolean => {
  const reviews = nodes.flatMap(({ review }) => review ?? []);
  const patches = new Set(nodes.flatMap(({ patchDigest }) => patchDigest ?? []));
  return (
    nodes.every(({ isFine }) => isFine) &&
    nodes.some(({ isTest }) => isTest) &&
    reviews.length >= 2 &&
    reviews.every((one) => one.verdict === 'approve' && patches.has(one.patchDigest))
  );
};

const read = <S extends z.ZodType>(
  schema: S,
  text: string | undefined,
): z.output<S> | undefined => {
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
};
