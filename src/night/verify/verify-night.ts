// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { openTraces } from '../../trace/open-traces.ts';
import { prunedName } from '../../trace/prune-bundles.ts';
import { openEnvelope } from '../../trace/sign/dsse.ts';
import { readIfThere } from '../../trace/sign/key-folder.ts';
import type { PublicKey } from '../../trace/sign/public-keys.ts';
import { readNight } from '../record/night-folder.ts';
import {
  type NightStatement,
  nightStatementSchema,
  signatureName,
  statementMediaType,
} from '../record/night-statement.ts';
import type { Changed } from './changed.ts';
import { checkBundles } from './check-bundles.ts';
import { checkSignedFiles } from './check-files.ts';
import { checkGates } from './check-gates.ts';

export type VerifiedNight = {
  readonly night: string;
  /** Of the key that signed it, where one of those that count did. */
  readonly keyid?: string;
  /** How many bundles were signed. */
  readonly bundles: number;
  /** Its bundles were removed on purpose: what is signed beside them was checked alone. */
  readonly pruned?: true;
  readonly changed: readonly Changed[];
};

/**
 * Checks all that a night left against its signature, and its bundles against each other.
 * @throws UserError for a folder that is not a night.
 */
export const verifyNight = async (
  folder: string,
  keys: readonly PublicKey[],
): Promise<VerifiedNight> => {
  const id = basename(folder);
  if (!existsSync(join(folder, 'night.json')) && !existsSync(join(folder, signatureName))) {
    throw new UserError('is not a night', { place: { file: folder } });
  }
  const signature = readSignature(folder, keys);
  const { statement } = signature;
  const traces = openTraces(folder);
  const pruned = existsSync(join(folder, prunedName));
  const night = await readNight(folder, 'It cannot be checked any further').catch((error) => {
    if (error instanceof UserError) return error.message;
    throw error;
  });
  return {
    night: id,
    ...(signature.keyid !== undefined && { keyid: signature.keyid }),
    bundles: statement?.predicate.bundles.count ?? 0,
    ...(pruned && { pruned }),
    changed: [
      ...signature.changed,
      ...(statement ? checkSignedFiles(folder, id, statement) : []),
      ...checkBundles(folder, id, traces, statement?.predicate.bundles, pruned),
      ...(typeof night === 'string'
        ? [{ what: 'night.json', how: night.replace(/^.*?night\.json: /, '') }]
        : pruned
          ? []
          : checkGates(folder, night, traces)),
    ],
  };
};

type Signature = {
  readonly statement?: NightStatement;
  readonly keyid?: string;
  readonly changed: readonly Changed[];
};

const readSignature = (folder: string, keys: readonly PublicKey[]): Signature => {
  const wrong = (how: string): Signature => ({ changed: [{ what: signatureName, how }] });
  const text = readIfThere(join(folder, signatureName));
  if (text === undefined) {
    return wrong(
      'is missing: the night has not ended, or was signed by no version, or it was removed',
    );
  }
  let statement: NightStatement;
  let opened: ReturnType<typeof openEnvelope>;
  try {
    opened = openEnvelope(text, statementMediaType, keys);
    statement = nightStatementSchema.parse(opened.value);
  } catch {
    return wrong('is not the signature of a night');
  }
  const { signedBy } = opened;
  if (!signedBy) {
    const key = opened.keyid?.slice(0, 12) ?? 'nobody';
    return wrong(`is not by any of the ${keys.length} keys that count; it says that ${key} signed`);
  }
  const { keyid, retired } = signedBy;
  const isLate = retired !== undefined && statement.predicate.startedAt > retired;
  const late = `is by ${keyid.slice(0, 12)}, which was retired at ${retired}, before the night began`;
  return {
    statement,
    keyid,
    changed: isLate ? [{ what: signatureName, how: late }] : [],
  };
};
