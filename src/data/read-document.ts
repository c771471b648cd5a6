// SPDX-License-Identifier: GPL-3.0-only
import type { z } from 'zod';
import { mistakesError, mistakesOf } from './file-mistakes.ts';
import { type ParsedYaml, parseYaml } from './parse-yaml.ts';
import { readSource, type Source } from './read-source.ts';

/** A validated document and a way from a path inside it back to the place in the file. */
export type PlacedDocument<T> = { readonly data: T; readonly placeOf: ParsedYaml['placeOf'] };

/**
 * Parses YAML (and so JSON) and validates it, keeping where each value stands.
 * @throws UserError with file, line and column of the first mistake; further ones follow it, a line each.
 */
export const parsePlaced = <S extends z.ZodType>(
  source: Source,
  schema: S,
): PlacedDocument<z.output<S>> => {
  const { value, placeOf } = parseYaml(source);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data, placeOf };
  throw mistakesError(mistakesOf(parsed.error.issues, value, schema), placeOf);
};

/** `parsePlaced` where the places are not needed. */
export const parseDocumentAs = <S extends z.ZodType>(source: Source, schema: S): z.output<S> =>
  parsePlaced(source, schema).data;

/** Reads and validates a file a person wrote; see `readSource` and `parseDocumentAs`. */
export const readDocument = async <S extends z.ZodType>(
  path: string,
  schema: S,
  name = path,
): Promise<z.output<S>> => parseDocumentAs(await readSource(path, name), schema);
