// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, sha256 } from '../../data/digest.ts';
import { BundleFault } from '../../trace/bundle.ts';
import { readJournal } from '../../trace/journal.ts';
import { openTraces } from '../../trace/open-traces.ts';
import { signEnvelope } from '../../trace/sign/dsse.ts';
import { keyFolder, openSigner, readIfThere } from '../../trace/sign/key-folder.ts';
import { type FrozenTerms, readTerms } from '../record/frozen-terms.ts';
import { journalSchema, type Night } from '../record/night-schemas.ts';
import {
  isJournal,
  journalDigest,
  type NightStatement,
  nightPredicateType,
  type SignedBundle,
  signatureName,
  signedBundles,
  signedFiles,
  statementMediaType,
} from '../record/night-statement.ts';

/**
 * Signs a night whose files are all there but the journal's last line. The same files and key give the
 * same bytes. @throws UserError where this runner's key cannot be used.
 */
export const signNight = async (folder: string, night: Night): Promise<void> => {
  const statement = nightStatement(folder, night, bundlesOf(folder), await readTerms(folder));
  const text = signEnvelope(statement, statementMediaType, openSigner(keyFolder()));
  const file = join(folder, signatureName);
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
};

/** What of terms and night is signed by itself. */
export const examsIn = ({ flows }: FrozenTerms): string =>
  digestOf(Object.fromEntries(Object.entries(flows).map(([name, { exams }]) => [name, exams])));

const nightStatement = (
  folder: string,
  { id, startedAt, base, attestation }: Night,
  bundles: readonly SignedBundle[],
  terms: FrozenTerms | undefined,
): NightStatement => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: signedFiles.flatMap((name) => {
    const text = readIfThere(join(folder, name));
    return text === undefined ? [] : [{ name, digest: { sha256: sha256(text) } }];
  }),
  predicateType: nightPredicateType,
  predicate: {
    ...{ night: id, startedAt, base: base.commit, bundles: signedBundles(bundles) },
    journals: Object.fromEntries(
      readdirSync(folder)
        .filter(isJournal)
        .sort()
        .map((name) => [name, journalDigest(readFileSync(join(folder, name), 'utf8'))]),
    ),
    ...(terms && { exams: examsIn(terms) }),
    ...(attestation && { attestation: digestOf(attestation) }),
  },
});

/** The bundles that the journal names; where jobs of their own ran the nodes, those that arrived. */
const bundlesOf = (folder: string): readonly SignedBundle[] => {
  const named = new Map<string, SignedBundle>();
  for (const record of readJournal(join(folder, 'journal.jsonl'), journalSchema)) {
    if (record.type !== 'node' || record.bundle === undefined) continue;
    const { spec, unit, node, bundle } = record;
    named.set(`${spec}/${unit}/${node}`, [{ spec, unit, node }, bundle]);
  }
  return named.size > 0 ? [...named.values()] : arrivedBundles(folder);
};

/** One that cannot be read costs its spec, which was told, and is not signed. */
const arrivedBundles = (folder: string): readonly SignedBundle[] => {
  const traces = openTraces(folder);
  return traces.specs().flatMap((spec) =>
    traces.list(spec).flatMap((address): readonly SignedBundle[] => {
      try {
        const bundle = traces.read(address);
        return bundle ? [[address, bundle.identity]] : [];
      } catch (error) {
        if (error instanceof BundleFault) return [];
        throw error;
      }
    }),
  );
};
