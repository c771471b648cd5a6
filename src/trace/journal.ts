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
  readSync,
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
  const { fd, records } = openFile(file, schema, isNeverWhole);
  return {
    records,
    append: (record) => write(fd, file, linesOf([record]), isNeverWhole),
    sync: () => fsyncSync(fd),
    close: () => closeSync(fd),
  };
};

/**
 * The records of a file that people may edit, none where it is missing; leaves it as it is. A last
 * line without its line break is there if it is JSON, as an editor may leave it. @throws as `openJournal`.
 */
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
  return parseLines(bytes, file, schema, isJson);
};

/**
 * Appends records to a file as `readJournal` reads it, which is created with its folder where it is
 * missing, and waits for the disk. Several processes may do so at once.
 */
export const extendJournal = <S extends z.ZodType>(
  file: string,
  schema: S,
  records: readonly z.output<S>[],
): void => {
  if (records.length === 0) return;
  mkdirSync(dirname(file), { recursive: true });
  const { fd, lacksBreak } = openFile(file, schema, isJson);
  try {
    write(fd, file, (lacksBreak ? '\n' : '') + linesOf(records), isJson);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

export type ExtendJournal = typeof extendJournal;

/** Whether a last line without its line break counts. */
type IsWhole = (line: Buffer) => boolean;

const isNeverWhole: IsWhole = () => false;

/** Whether a line is JSON, whoever wrote it. */
export const isJson: IsWhole = (line) => {
  try {
    JSON.parse(line.toString('utf8'));
    return true;
  } catch {
    return false;
  }
};

const openFile = <S extends z.ZodType>(file: string, schema: S, isWhole: IsWhole) => {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o644);
  try {
    const records = parseLines(readBytes(fd), file, schema, isWhole);
    return { fd, records, lacksBreak: cutTornLine(fd, isWhole) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

const linesOf = (records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** In one write: what other processes append stands before or behind it. */
const write = (fd: number, file: string, lines: string, isWhole: IsWhole): void => {
  try {
    writeFileSync(fd, Buffer.from(lines, 'utf8'));
  } catch (cause) {
    // Half a line would spoil the next one.
    cutTornLine(fd, isWhole);
    throw new Error(`${file} cannot be written`, { cause });
  }
};

/**
 * Cuts off what a write left half, and nothing that another process has appended since. Says
 * whether the last line is whole and lacks its line break.
 */
const cutTornLine = (fd: number, isWhole: IsWhole): boolean => {
  for (;;) {
    const bytes = readBytes(fd);
    const last = bytes.subarray(bytes.lastIndexOf(lineBreak) + 1);
    if (last.length === 0) return false;
    if (isWhole(last)) return true;
    if (fstatSync(fd).size !== bytes.length) continue;
    ftruncateSync(fd, bytes.length - last.length);
    return false;
  }
};

const readBytes = (fd: number): Buffer => {
  const bytes = Buffer.alloc(fstatSync(fd).size);
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
};

const lineBreak = 0x0a;

const parseLines = <S extends z.ZodType>(
  bytes: Buffer,
  file: string,
  schema: S,
  isWhole: IsWhole,
): readonly z.output<S>[] => {
  const records: z.output<S>[] = [];
  const parseNext = (start: number, end?: number) =>
    records.push(parseLine(bytes.toString('utf8', start, end), file, records.length + 1, schema));
  let start = 0;
  for (;;) {
    const next = bytes.indexOf(lineBreak, start);
    if (next < 0) break;
    parseNext(start, next);
    start = next + 1;
  }
  if (isWhole(bytes.subarray(start))) parseNext(start);
  return records;
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
