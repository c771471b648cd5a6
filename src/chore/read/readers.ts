// SPDX-License-Identifier: GPL-3.0-only
import { readFiles } from './files.ts';
import { readKeyList, readKeys } from './keys.ts';
import { readHeader } from './licence.ts';
import { readDeclarations, readName, readNames, readQuotedName, readSubject } from './names.ts';
import { readIndex, readPath } from './paths.ts';
import type { Reader } from './reader.ts';
import { readCheck, readText, readValue } from './values.ts';

/** Who reads the phrases that a chore's sentences catch, by the name in `{argument:reader}`. */
export const readers: Readonly<Record<string, Reader>> = {
  check: readCheck,
  declarations: readDeclarations,
  files: readFiles,
  header: readHeader,
  index: readIndex,
  'key-list': readKeyList,
  keys: readKeys,
  name: readName,
  names: readNames,
  path: readPath,
  'quoted-name': readQuotedName,
  subject: readSubject,
  text: readText,
  value: readValue,
};
