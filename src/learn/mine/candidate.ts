// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { changeSchema } from '../../agent/schema.ts';
import { sha256 } from '../../data/digest.ts';
import type { Truth, Verdict } from '../../review/schema.ts';
import { type Bundle, type BundleAddress, formatAddress } from '../../trace/bundle.ts';
import { parseJson } from '../../trace/shown-values.ts';

/** A bundle that rows can be made of, as far as it has to be remembered before they are written. */
export type RowSource = {
  readonly folder: string;
  readonly address: BundleAddress;
  /** `night/spec/unit/node` */
  readonly id: string;
  /** The bundle's. */
  readonly identity: string;
  /** Of agent and conversation: equal ones are learned from once. */
  readonly digest: string;
  /** `name@version` */
  readonly agent: string;
  /** What it shares with others, which then are on the same side. */
  readonly names: readonly string[];
  readonly outcome: 'zero-touch' | 'accepted' | 'undecided' | 'rejected' | 'exam';
  /** Of a review: what the patch deserves, and what the reviewer said. */
  readonly review?: { readonly label: Truth; readonly verdict: Verdict };
  readonly stage: number;
  readonly steps: number;
  /** That the patch changes. */
  readonly files: number;
  /** Of the whole conversation. */
  readonly characters: number;
};

/** What a bundle alone says of a source. */
export type Candidate = Omit<RowSource, 'names' | 'outcome' | 'review'>;

const inputSchema = z.object({
  spec: z.object({ acceptance: z.array(z.string()) }),
  unit: z.object({ kind: z.string(), paths: z.array(z.string()) }),
  inputs: z.record(z.string(), z.unknown()).catch({}),
});
const changedSchema = z.object({ changes: z.array(changeSchema) });

const changesOf = ({ files }: Bundle) => {
  const input = inputSchema.safeParse(parseJson(files['input.json'])).data;
  const outputs = [parseJson(files['output.json']), ...Object.values(input?.inputs ?? {})];
  return {
    input,
    changes: outputs.flatMap((output) => changedSchema.safeParse(output).data?.changes ?? []),
  };
};

/** No file, and the empty one, of which there are many. */
const noBlob = /^(?:0*|e69de29bb2d1d6434b8b29ae775ad8c2e48c5391)$/;

/** A file by its path and by what it held: a copy of it elsewhere is the same file. */
export const namesOf = (bundle: Bundle): readonly string[] => {
  const { input, changes } = changesOf(bundle);
  const paths = input?.unit.kind === 'file' ? input.unit.paths : [];
  return [
    ...[...paths, ...changes.map(({ path }) => path)].map((path) => `file ${path}`),
    ...changes.flatMap(({ baseOid }) => (noBlob.test(baseOid) ? [] : [`blob ${baseOid}`])),
  ];
};

const metricsSchema = z.object({ steps: z.int().positive() });

/** What a bundle has to be remembered by; `undefined` where no model was asked. */
export const candidateOf = (
  bundle: Bundle,
  folder: string,
  stageOf: (acceptance: readonly string[]) => number,
): Candidate | undefined => {
  const { address, facts, files, identity } = bundle;
  const prompt = files['prompt.txt'];
  if (prompt === undefined) return undefined;
  const { input, changes } = changesOf(bundle);
  return {
    ...{ folder, address, identity, agent: facts.agent },
    digest: sha256(`${facts.agent}\n${prompt}`),
    id: `${facts.night}/${formatAddress(address)}`,
    stage: stageOf(input?.spec.acceptance ?? []),
    steps: metricsSchema.safeParse(parseJson(files['metrics.json'])).data?.steps ?? 0,
    files: new Set(changes.map(({ path }) => path)).size,
    characters: prompt.length,
  };
};
