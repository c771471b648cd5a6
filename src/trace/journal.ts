// SPDX-License-Identifier: GPL-3.0-only
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../data/user-error.ts';

/** An append-only file of JSON lines. A record counts once its line break is on disk. */
export type Journal<T> = {
  /** What was there on opening, oldest first. */
  readonly records: readonly T[];
  /** Appends in one write; survives a killed process. @throws Error with the cause on a full disk. */
  readonly append: (record: T) => void;
  /** Waits for the disk, so that what was appended survives a power cut: before an outside effect. */
  readonly sync: () => void;
  readonly close: () => void;
};

/**
 * Opens a journal to append to, creating it where it is missing and cutting off a torn last line.
 * @throws UserError with the line of a record that the schema refuses.
 */
export const openJournal = <S extends z.ZodType>(file: string, schema: S): Journal<z.output<S>> => {
  const { fd, records, end } = openFile(file, schema);
  let size = end;
  return {
    records,
    append: (record) => {
      size = write(fd, file, size, [record]);
    },
    sync: () => fsyncSync(fd),
    close: () => closeSync(fd),
  };
};

/** The records of a journal, none where it is missing; leaves the file as it is. @throws as `openJournal`. */
export const readJournal = <S extends z.ZodType>(
  file: string,
  schema: S,
): readonly z.output<S>[] => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UserError(`cannot be read (${code}). Check its permissions`, {
      place: { file },
      cause,
    });
  }
  return parseLines(bytes, file, schema).records;
};

/** Appends records to a journal, which is created with its folder where it is missing, and waits for the disk. */
export const extendJournal = <S extends z.ZodType>(
  file: string,
  schema: S,
  records: readonly z.output<S>[],
): void => {
  if (records.length === 0) return;
  mkdirSync(dirname(file), { recursive: true });
  const { fd, end } = openFile(file, schema);
  try {
    write(fd, file, end, records);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

const openFile = <S extends z.ZodType>(file: string, schema: S) => {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o644);
  try {
    const { records, end } = parseLines(readFileSync(fd), file, schema);
    if (end < fstatSync(fd).size) ftruncateSync(fd, end);
    return { fd, records, end };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

/** Returns the size of the file with the records. */
const write = (fd: number, file: string, end: number, records: readonly unknown[]): number => {
  const lines = records.map((record) => `${JSON.stringify(record)}\n`);
  const bytes = Buffer.from(lines.join(''), 'utf8');
  try {
    writeFileSync(fd, bytes);
  } catch (cause) {
    // Half a line would spoil the next one.
    ftruncateSync(fd, end);
    throw new Error(`${file} cannot be written`, { cause });
  }
  return end + bytes.length;
};

const lineBreak = 0x0a;

const parseLines = <S extends z.ZodType>(
  bytes: Buffer,
  file: string,
  schema: S,
): { readonly records: readonly z.output<S>[]; readonly end: number } => {
  const records: z.output<S>[] = [];
  let end = 0;
  for (;;) {
    const next = bytes.indexOf(lineBreak, end);
    if (next < 0) return { records, end };
    records.push(parseLine(bytes.toString('utf8', end, next), file, records.length + 1, schema));
    end = next + 1;
  }
};

const parseLine = <S extends z.ZodType>(
  text: string,
  file: string,
  line: number,
  schema: S,
): z.output<S> => {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? (cause.issues[0]?.message ?? '') : 'it is not JSON';
    throw new UserError(
      `is not a line that Pantheon wrote (${why}). Restore the file, or remove the line`,
      { place: { file, line }, cause },
    );
  }
};
