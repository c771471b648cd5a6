// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, sha256 } from '../../data/digest.ts';
import { readIfThere } from '../../trace/sign/key-folder.ts';
import {
  isJournal,
  journalDigest,
  type NightStatement,
  signatureName,
  signedFiles,
} from '../record/night-statement.ts';
import type { Changed } from './changed.ts';

const differs = 'is not as it was signed';

/** The files of a night's folder that are not those that were signed. */
export const checkSignedFiles = (
  folder: string,
  id: string,
  { subject, predicate }: NightStatement,
): readonly Changed[] => {
  const textOf = (name: string): string | undefined => readIfThere(join(folder, name));
  const changed: Changed[] = [];
  if (predicate.night !== id) {
    changed.push({ what: signatureName, how: `is that of night ${predicate.night}` });
  }
  const digests = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const name of signedFiles) {
    const [text, digest] = [textOf(name), digests.get(name)];
    if (text === undefined && digest !== undefined) changed.push({ what: name, how: 'is missing' });
    else if (text !== undefined && digest === undefined) {
      changed.push({ what: name, how: 'was added since the night was signed' });
    } else if (text !== undefined && sha256(text) !== digest) {
      changed.push({ what: name, how: differs });
    }
  }
  const journals = new Set([
    ...readdirSync(folder).filter(isJournal),
    ...Object.keys(predicate.journals),
  ]);
  for (const name of [...journals].sort()) {
    const text = textOf(name);
    const digest = predicate.journals[name];
    if (text === undefined) changed.push({ what: name, how: 'is missing' });
    else if (journalDigest(text) !== digest) changed.push({ what: name, how: differs });
  }
  return [...changed, ...checkParts(textOf, predicate)];
};

/** Exams and attestation stand in files that are signed as a whole, and are named by themselves. */
const checkParts = (
  textOf: (name: string) => string | undefined,
  { exams, attestation }: NightStatement['predicate'],
): readonly Changed[] => {
  const terms = parse(textOf('terms.json'));
  const flows = Object.entries((terms.flows ?? {}) as Record<string, { readonly exams?: unknown }>);
  const examsNow = digestOf(Object.fromEntries(flows.map(([name, flow]) => [name, flow?.exams])));
  const attestationNow = parse(textOf('night.json')).attestation;
  return [
    ...(exams !== undefined && examsNow !== exams
      ? [{ what: 'terms.json', how: 'has other exam results than were signed' }]
      : []),
    ...(attestation !== (attestationNow === undefined ? undefined : digestOf(attestationNow))
      ? [{ what: 'night.json', how: 'has another attestation than was signed' }]
      : []),
  ];
};

const parse = (text: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(text ?? '{}') ?? {};
  } catch {
    // That the file is not as it was is told already.
    return {};
  }
};
