// SPDX-License-Identifier: GPL-3.0-only
import type { z } from 'zod';
import { failureSchema, type Unit } from '../../agent/schema.ts';
import { brokenCodes } from '../../review/exam/exam-result.ts';
import {
  type HiddenPatch,
  hiddenPatchSchema,
  type Pair,
  reviewSchema,
  type Verdict,
} from '../../review/schema.ts';
import type { Bundle, BundleAddress, BundleFileName } from '../../trace/bundle.ts';
import type { Traces } from '../../trace/open-traces.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { hiddenId, hostsOf } from './hidden-units.ts';

/** What one reviewer came to; no verdict where that says nothing about it. */
export type HiddenAnswer = {
  readonly address: BundleAddress;
  readonly runtime: string;
  readonly verdict?: Verdict;
  /** Code of the failure that stands for a rejection. */
  readonly unanswered?: string;
};

/** A hidden patch, and what the reviewers whom it was put to came to. */
export type HiddenVerdicts = HiddenPatch & { readonly answers: readonly HiddenAnswer[] };

/** What a spec's reviewers said of the hidden patches, as their bundles tell; what no reviewer wrote counts for nothing. */
export const readHidden = (
  traces: Pick<Traces, 'read'>,
  night: Night,
  { spec, flow }: DecidedSpec,
  units: readonly Unit[],
): readonly HiddenVerdicts[] => {
  const reviewers = (night.flows[flow]?.nodes ?? []).filter(
    ({ agent }) => night.agents[agent]?.manifest.role === 'review',
  );
  return hostsOf(night, spec.id, units).flatMap((host) => {
    const told = reviewers.flatMap(({ id: node }) => {
      const address = { spec: spec.id, unit: hiddenId(host), node };
      const bundle = traces.read(address);
      const patch = bundle && fileOf(bundle, 'exam.json', hiddenPatchSchema);
      const runtime = night.runtimes[`${flow}/${node}`];
      return patch && runtime !== undefined
        ? [{ patch, answer: { address, runtime, ...answerIn(bundle, runtime) } }]
        : [];
    });
    const [first] = told;
    return first ? [{ ...first.patch, answers: told.map(({ answer }) => answer) }] : [];
  });
};

const answerIn = (
  bundle: Bundle,
  runtime: string,
): Pick<HiddenAnswer, 'verdict' | 'unanswered'> => {
  const failure = fileOf(bundle, 'error.json', failureSchema);
  if (failure) {
    return brokenCodes.has(failure.code) ? {} : { verdict: 'reject', unanswered: failure.code };
  }
  const review = fileOf(bundle, 'review.json', reviewSchema);
  return review?.runtime === runtime ? { verdict: review.verdict } : {};
};

const fileOf = <Schema extends z.ZodType>(
  { files }: Bundle,
  name: BundleFileName,
  schema: Schema,
): z.output<Schema> | undefined => {
  try {
    return schema.safeParse(JSON.parse(files[name] ?? 'null')).data;
  } catch {
    return undefined;
  }
};

/** The joint judgements of hidden patches, for the ledger. */
export const hiddenPairs = (night: string, hidden: readonly HiddenVerdicts[]): readonly Pair[] =>
  hidden.flatMap(({ kind, truth, answers: [a, b] }): readonly Pair[] => {
    if (!a?.verdict || !b?.verdict) return [];
    const unit = `${a.address.spec}/${a.address.unit}`;
    return [
      {
        ...{ source: 'hidden', night, spec: kind, unit, truth },
        runtimes: [a.runtime, b.runtime],
        verdicts: [a.verdict, b.verdict],
      },
    ];
  });
