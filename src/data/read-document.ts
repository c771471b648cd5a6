// SPDX-License-Identifier: GPL-3.0-only
import { open } from 'node:fs/promises';
import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Place, UserError } from './user-error.ts';

/** A YAML or JSON file a person writes may hold at most this many bytes. */
export const maxDocumentBytes = 1024 * 1024;

const maxAliases = 100;

/** Text of a file a person wrote, with the name to use in messages. */
export type Source = { readonly name: string; readonly text: string };

/**
 * Reads a file as strict UTF-8, at most `maxBytes` long.
 * @throws UserError when it is missing, a directory, too large or not UTF-8.
 */
export const readSource = async (
  path: string,
  name = path,
  maxBytes = maxDocumentBytes,
): Promise<Source> => {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`cannot be read (${cause.code}); check the path and its permissions`, {
      place: { file: name },
      cause,
    });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw new UserError('is not a file; give the path of a YAML or JSON file', {
        place: { file: name },
      });
    }
    if (stat.size > maxBytes) throw tooLarge(name, stat.size, maxBytes);
    return decodeSource(await handle.readFile(), name, maxBytes);
  } finally {
    await handle.close();
  }
};

/** The same checks as `readSource` for bytes at hand, for example a git blob. */
export const decodeSource = (
  bytes: Uint8Array,
  name: string,
  maxBytes = maxDocumentBytes,
): Source => {
  if (bytes.length > maxBytes) throw tooLarge(name, bytes.length, maxBytes);
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw new UserError('is not UTF-8; save it as UTF-8', { place: { file: name }, cause });
  }
};

const tooLarge = (name: string, size: number, maxBytes: number): UserError =>
  new UserError(`holds ${size} bytes, more than the ${maxBytes} allowed; make it smaller`, {
    place: { file: name },
  });

/**
 * Parses YAML (and so JSON) and validates it.
 * @throws UserError with file, line and column of the first mistake; further ones follow it, a line each.
 */
export const parseDocumentAs = <S extends z.ZodType>(source: Source, schema: S): z.output<S> => {
  const { value, placeOf } = parseYaml(source);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw mistakes(parsed.error.issues, placeOf);
};

/** Reads and validates a file a person wrote; see `readSource` and `parseDocumentAs`. */
export const readDocument = async <S extends z.ZodType>(
  path: string,
  schema: S,
  name = path,
): Promise<z.output<S>> => parseDocumentAs(await readSource(path, name), schema);

/** A parsed YAML value and a way from a path inside it back to the place in the file. */
export type Yaml = {
  readonly value: unknown;
  readonly placeOf: (path: readonly PropertyKey[]) => Place;
};

/** @throws UserError on broken YAML, an empty document, duplicate keys or too many aliases. */
export const parseYaml = ({ name, text }: Source): Yaml => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line, column: col };
  };
  const problem = document.errors[0];
  if (problem) {
    throw new UserError(`${problem.message}; correct the YAML`, {
      place: at(problem.pos[0]),
      cause: problem,
    });
  }
  if (document.contents === null) {
    throw new UserError('is empty; see docs/ for what it may hold', { place: { file: name } });
  }
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = document.getIn(path.slice(0, length - 1), true);
      const key = path[length - 1];
      if (isMap(parent)) {
        const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(key));
        if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
      }
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return document.contents && isNode(document.contents) && document.contents.range
      ? document.contents.range[0]
      : 0;
  };
  try {
    return {
      value: document.toJS({ maxAliasCount: maxAliases }),
      placeOf: (path) => at(offsetOf(path)),
    };
  } catch (cause) {
    throw new UserError(`uses more than ${maxAliases} YAML aliases; write the values out`, {
      place: { file: name },
      cause,
    });
  }
};

type Issue = z.core.$ZodIssue;

const mistakes = (issues: readonly Issue[], placeOf: Yaml['placeOf']): UserError => {
  const found = issues.map((issue) => {
    const path =
      issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    const field = path.map(String).join('.');
    return { place: placeOf(path), message: field ? `${field}: ${issue.message}` : issue.message };
  });
  const [first, ...rest] = found;
  const others = rest.map(({ place, message }) => `\n${new UserError(message, { place }).message}`);
  return new UserError(`${first?.message ?? 'is not valid'}${others.join('')}`, {
    ...(first && { place: first.place }),
  });
};
