// SPDX-License-Identifier: GPL-3.0-only
import { readDocuments, readFiles, readNotes, readOthers } from './files.ts';
import { readKeyList, readKeyName, readKeys, readKnownKeys, readNamedKeys } from './keys.ts';
import { readHeader } from './licence.ts';
import {
  readCodedNames,
  readDeclarations,
  readName,
  readNames,
  readQuotedName,
  readSubject,
} from './names.ts';
import { readIndex, readPath } from './paths.ts';
import type { Reader } from './reader.ts';
import { readCheck, readNumber, readPair, readText, readValue } from './values.ts';

type NamedReader = {
  readonly read: Reader;
  /** What it makes of which words, for who writes a chore. */
  readonly reads: string;
};

/** Who reads the phrases that a chore's sentences catch, by the name in `{argument:reader}`. */
export const readers: Readonly<Record<string, NamedReader>> = {
  name: { read: readName, reads: 'one identifier' },
  'quoted-name': { read: readQuotedName, reads: 'one identifier in quotes' },
  names: { read: readNames, reads: 'identifiers: "the functions `a`, b and `c`"' },
  'code-names': { read: readCodedNames, reads: 'identifiers that are plainly code' },
  declarations: {
    read: readDeclarations,
    reads: '`{names}`, or `{which}` of "every exported function"',
  },
  subject: { read: readSubject, reads: '`{source}`, a module, or `{names}`' },
  path: { read: readPath, reads: 'a path inside the repository' },
  index: { read: readIndex, reads: '`{index}`, a module, or nothing of "the package"' },
  files: { read: readFiles, reads: 'globs: "all notes under docs/ except in Templates/"' },
  notes: { read: readNotes, reads: 'globs of notes alone' },
  documents: { read: readDocuments, reads: 'globs, but of no code' },
  'other-files': { read: readOthers, reads: 'globs of all but the files that are named' },
  text: { read: readText, reads: 'the text in quotes' },
  keys: { read: readKeys, reads: 'frontmatter keys' },
  'known-keys': {
    read: readKnownKeys,
    reads: 'usual frontmatter keys, or any that are called keys',
  },
  'named-keys': {
    read: readNamedKeys,
    reads: 'frontmatter keys that are called keys, fields or properties',
  },
  'key-list': { read: readKeyList, reads: 'frontmatter keys, bare words too' },
  'key-name': { read: readKeyName, reads: 'one frontmatter key, a bare word too' },
  tag: { read: readKeyName, reads: 'one tag, a bare word too' },
  value: {
    read: readValue,
    reads: "a key's `{value}`, `{oneOf}`, `{shape}`, `{from}`, its lengths or `{state}`",
  },
  pair: { read: readPair, reads: '`{keys}` and `{value}` of `draft: false`' },
  header: { read: readHeader, reads: '`{licence}` and `{text}` of a licence header' },
  number: { read: readNumber, reads: 'a whole number' },
  check: { read: readCheck, reads: 'tests, types, lint, format, build or checks' },
};
