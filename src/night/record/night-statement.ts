// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { sha256 } from '../../data/digest.ts';
import type { BundleAddress } from '../../trace/bundle.ts';
import { merkleRoot } from '../../trace/sign/merkle.ts';

/** In a night's folder: a DSSE envelope around an in-toto statement about the night. */
export const signatureName = 'signature.json';

export const statementMediaType = 'application/vnd.in-toto+json';

/**
 * A URI names the predicate (https://github.com/in-toto/attestation/blob/main/spec/v1/field_types.md#TypeURI).
 * The project has no domain, and nobody can ever own one below .example (RFC 2606); what it means is in
 * docs/architecture/evidence.md.
 */
export const nightPredicateType = 'https://pantheon.example/night/v1';

/** What is there of a night's folder beside its bundles. */
export const signedFiles = ['night.json', 'terms.json', 'summary.json', 'report.md'] as const;

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** in-toto Statement v1, https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const nightStatementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(z.strictObject({ name: z.enum(signedFiles), digest: z.strictObject({ sha256: hex }) }))
    .min(1),
  predicateType: z.literal(nightPredicateType),
  predicate: z.strictObject({
    night: z.string(),
    startedAt: z.iso.datetime(),
    base: z.string().describe('The commit that was worked on'),
    bundles: z.strictObject({
      count: z.int().min(0),
      root: hex.describe('Merkle tree hash (RFC 6962) over the identities below, in their order'),
      identities: z
        .record(z.string(), z.record(z.string(), z.record(z.string(), hex)))
        .describe('By spec, unit and node, each sorted by UTF-16 code unit'),
    }),
    journals: z
      .record(z.string(), hex)
      .describe('Of all lines but those that say that the night began, went on or ended'),
    exams: hex.optional().describe("Of the exam results in terms.json by flow, RFC 8785's form"),
    attestation: hex.optional().describe('Of the one in night.json, in the same form'),
  }),
});

export type NightStatement = Readonly<z.output<typeof nightStatementSchema>>;

/** A bundle's address and identity. */
export type SignedBundle = readonly [address: BundleAddress, identity: string];

type SignedBundles = NightStatement['predicate']['bundles'];

const order = ({ spec, unit, node }: BundleAddress): readonly string[] => [spec, unit, node];

const compareBundles = ([a]: SignedBundle, [b]: SignedBundle): number => {
  for (const [index, part] of order(a).entries()) {
    const other = order(b)[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
};

/** The Merkle tree hash over bundles' identities, whatever order they come in. */
const rootOf = (bundles: readonly SignedBundle[]): string =>
  merkleRoot(bundles.toSorted(compareBundles).map(([, identity]) => Buffer.from(identity, 'hex')));

/** What is signed of a night's bundles. */
export const signedBundles = (bundles: readonly SignedBundle[]): SignedBundles => {
  const identities: Record<string, Record<string, Record<string, string>>> = {};
  for (const [{ spec, unit, node }, identity] of bundles.toSorted(compareBundles)) {
    identities[spec] ??= {};
    const units = identities[spec];
    units[unit] ??= {};
    units[unit][node] = identity;
  }
  return { count: bundles.length, root: rootOf(bundles), identities };
};

/** The bundles that were signed, if count and root are those of the list. */
export const readSignedBundles = ({
  count,
  root,
  identities,
}: SignedBundles): readonly SignedBundle[] | undefined => {
  const bundles = Object.entries(identities).flatMap(([spec, units]) =>
    Object.entries(units).flatMap(([unit, nodes]) =>
      Object.entries(nodes).map(
        ([node, identity]): SignedBundle => [{ spec, unit, node }, identity],
      ),
    ),
  );
  return bundles.length === count && rootOf(bundles) === root ? bundles : undefined;
};

/** Lines that a night writes anew when it is resumed. */
const isOfTheNight = (line: string): boolean => line.startsWith('{"type":"night"');

/** sha256 of a journal without the lines that are written anew when a night is resumed. */
export const journalDigest = (text: string): string =>
  sha256(
    text
      .split('\n')
      .filter((line) => !isOfTheNight(line))
      .join('\n'),
  );

/** Whether a file of a night's folder is a journal: the night's, or that of a job. */
export const isJournal = (name: string): boolean => /^journal(?:-.+)?\.jsonl$/.test(name);
