// SPDX-License-Identifier: GPL-3.0-only
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { type ExtendJournal, extendJournal } from '../journal.ts';
import { openEnvelope, signEnvelope } from './dsse.ts';
import { keyFolder, openSigner, readIfThere, readKeys } from './key-folder.ts';
import { differenceIn, type FileSeal, lineDigests, recordDigest } from './sealed-lines.ts';

/*
 * `seal.json` of a state folder: the digest of every line that was written to the files below, signed with
 * this runner's key. Before lines are appended it names them as pending, afterwards as settled; a crash
 * in between leaves some or all of them, and each is one that was going to be written.
 */

const sealName = 'seal.json';

/** What decides whose approval counts, and what is worked again. */
const sealedNames = ['exams.jsonl', 'ledger.jsonl', 'outcomes.jsonl'] as const;

const payloadType = 'application/vnd.pantheon.seal+json';

const count = z.int().min(0);

const sealSchema = z.strictObject({
  version: z.literal(1),
  /** Of the state folder, whatever it is called. */
  id: z.string(),
  /** Counts the seals of that folder: an older one that is put back is one. */
  serial: count,
  files: z.record(z.string(), z.strictObject({ lines: z.base64(), settled: count })),
});

type Seal = {
  readonly id: string;
  readonly serial: number;
  readonly files: Readonly<Record<string, FileSeal>>;
};

const digestBytes = 16;

const encode = ({ files, ...seal }: Seal): z.input<typeof sealSchema> => ({
  version: 1,
  ...seal,
  files: Object.fromEntries(
    Object.entries(files).map(([name, { lines, settled }]) => [
      name,
      { lines: Buffer.from(lines.join(''), 'hex').toString('base64'), settled },
    ]),
  ),
});

const decode = (value: unknown): Seal => {
  const { id, serial, files } = sealSchema.parse(value);
  return {
    id,
    serial,
    files: Object.fromEntries(
      Object.entries(files).map(([name, { lines, settled }]) => {
        const hex = Buffer.from(lines, 'base64').toString('hex');
        const digests = hex.match(new RegExp(`.{${2 * digestBytes}}`, 'g')) ?? [];
        return [name, { lines: digests, settled }];
      }),
    ),
  };
};

const howToAccept =
  'Put back what was there. If it is as you want it, run "pantheon keys seal"; for new exams, delete exams.jsonl and ledger.jsonl before';

/** What was sealed, its signature checked; nothing where there is no seal. */
const readSeal = (root: string): Seal | undefined => {
  const file = join(root, sealName);
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const place = { file };
  let opened: ReturnType<typeof openEnvelope>;
  let seal: Seal;
  try {
    opened = openEnvelope(text, payloadType, readKeys(keyFolder()));
    seal = decode(opened.value);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`is not a seal. ${howToAccept}`, { place, cause });
  }
  if (opened.signedBy) return seal;
  const key = opened.keyid?.slice(0, 12) ?? 'nobody';
  throw new UserError(
    `is signed by ${key}, which is not a key of this runner (${keyFolder()}). ${howToAccept}`,
    { place },
  );
};

/** What this runner sealed last, kept beside its keys: out of reach of who may write a state folder. */
const lastSchema = z.strictObject({ id: z.string(), serial: count });

const lastOf = (root: string): string => join(keyFolder(), 'sealed', sha256(resolve(root)));

const readLast = (root: string): z.output<typeof lastSchema> | undefined => {
  const text = readIfThere(lastOf(root));
  return text === undefined ? undefined : lastSchema.parse(JSON.parse(text));
};

const writeSeal = (root: string, seal: Seal): void => {
  const text = signEnvelope(encode(seal), payloadType, openSigner(keyFolder()));
  mkdirSync(root, { recursive: true });
  replaceFile(join(root, sealName), text);
  const { id, serial } = seal;
  mkdirSync(dirname(lastOf(root)), { recursive: true });
  replaceFile(lastOf(root), JSON.stringify({ id, serial }));
};

/** By rename, and on the disk before what follows. */
const replaceFile = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text, { flush: true });
  renameSync(`${file}.new`, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

const filesNow = (root: string): Seal['files'] =>
  Object.fromEntries(
    sealedNames.flatMap((name) => {
      const lines = lineDigests(join(root, name));
      return lines.length === 0 ? [] : [[name, { lines, settled: lines.length }]];
    }),
  );

/** Seals the files of a state folder as they are. */
export const sealAsIs = (root: string): void => {
  const last = readLast(root);
  const serial = (last?.serial ?? 0) + 1;
  writeSeal(root, { id: last?.id ?? randomUUID(), serial, files: filesNow(root) });
};

type Checked = { readonly seal: Seal; readonly takenOver: boolean };

/** @throws UserError where a line was edited, removed or added. */
const check = (root: string): Checked => {
  const place = { file: join(root, sealName) };
  const [seal, last] = [readSeal(root), readLast(root)];
  if (!seal) {
    if (last) throw new UserError(`is gone. ${howToAccept}`, { place });
    sealAsIs(root);
    const taken = readSeal(root) as Seal;
    return { seal: taken, takenOver: Object.keys(taken.files).length > 0 };
  }
  if (last && (last.id !== seal.id || last.serial > seal.serial)) {
    const what = last.id === seal.id ? 'an earlier one' : 'that of another state folder';
    throw new UserError(`is ${what}, put back by somebody. ${howToAccept}`, { place });
  }
  const files = Object.entries(seal.files).map(([name, sealed]) => {
    const file = join(root, name);
    const lines = lineDigests(file);
    const difference = differenceIn(lines, sealed);
    if (difference === undefined) return [name, { lines, settled: lines.length }] as const;
    const { line, what } = difference;
    throw new UserError(`${what}. ${howToAccept}`, { place: { file, line } });
  });
  for (const name of sealedNames) {
    if (name in seal.files || lineDigests(join(root, name)).length === 0) continue;
    throw new UserError(`was added. ${howToAccept}`, { place: { file: join(root, name) } });
  }
  const settled: Seal = { ...seal, files: Object.fromEntries(files) };
  const interrupted = Object.values(seal.files).some(({ lines, settled: at }) => at < lines.length);
  if (interrupted) writeSeal(root, { ...settled, serial: seal.serial + 1 });
  else if (last?.serial !== seal.serial) writeSeal(root, seal);
  return {
    seal: interrupted ? { ...settled, serial: seal.serial + 1 } : settled,
    takenOver: false,
  };
};

/**
 * Checks a state folder against its seal; one from before there were seals is taken over, and a line says so.
 * @throws UserError that names the file, and the line where it can tell, of what was changed since.
 */
export const checkSeal = (root: string): string | undefined =>
  check(root).takenOver
    ? `${root} had no seal. ${sealedNames.join(', ')} count as they are, this once, and are sealed from now on.`
    : undefined;

/** Appends to the files of a state folder and seals them; for whoever holds the runner's key. */
export const extendSealed =
  (root: string): ExtendJournal =>
  (file, schema, records) => {
    if (records.length === 0) return;
    const { seal } = check(root);
    const name = basename(file);
    const before = seal.files[name]?.lines ?? [];
    const lines = [...before, ...records.map(recordDigest)];
    const sealed = (serial: number, settled: number): Seal => ({
      ...seal,
      serial,
      files: { ...seal.files, [name]: { lines, settled } },
    });
    writeSeal(root, sealed(seal.serial + 1, before.length));
    extendJournal(file, schema, records);
    writeSeal(root, sealed(seal.serial + 2, lines.length));
  };
