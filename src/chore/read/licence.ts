// SPDX-License-Identifier: GPL-3.0-only
import { isMisspelled } from '../../spec/licence.ts';
import { readLicence } from '../../spec/licence-names.ts';
import { spdxIn } from '../../spec/licence-words.ts';
import { unquote } from '../sentence.ts';
import type { Reader } from './reader.ts';

const quotedHeader =
  /^(?:(?:[\w-]+ )*?(?:header|line|notice|comment|identifier)(?: line)?:? )?(\uE000\d+\uE001)(?: (?:header|line|notice|comment)| at the top)?$/iu;
const spdxLine =
  /^(?:(?:\/\/|#|--|\/\*|<!--) ?)?SPDX-License-Identifier: *(.+?)(?: (?:\*\/|-->))?(?: (?:header|line))?$/u;
const headerWords =
  /^(?<before>.*?) ?(?:(?:licen[cs]e|copyright|licen[cs]ing|spdx|short|standard|one-line) )*(?:headers?|licen[cs]e notices?|(?:spdx )?(?:licen[cs]e )?identifiers?|(?:licen[cs]e|spdx) (?:lines?|comments?))(?: (?:comment|line)s?)?(?: at the (?:top|start))?(?:(?: for| of|:)? \(?(?:the )?(?<after>[^()]+?)(?: licen[cs]e)?\)?)?$/iu;

const article = /^(?:(?:an?|the|short|standard|proper|missing|licen[cs]e|spdx|valid) ?)+$/iu;

/**
 * A licence header: `{licence}` (SPDX id, expression or a family such as `GPL`), `{text}` where it is quoted, `{}`
 * where none is named.
 */
export const readHeader: Reader = (phrase, sentence) => {
  const text = phrase.replace(/^(?:an?|the|its|their|missing|following) /iu, '');
  const quoted = quotedHeader.exec(text)?.[1];
  if (quoted !== undefined) {
    const said = unquote(quoted, sentence);
    // So a key of frontmatter is written.
    if (/^licen[cs]e: *\S+$/u.test(said)) return undefined;
    const [spdx] = spdxIn(said);
    if (spdx !== undefined || /licen[cs]e|copyright|©/iu.test(said)) {
      return { text: said, ...(spdx && { licence: spdx }) };
    }
  }
  const line = spdxLine.exec(unquote(text, sentence))?.[1];
  if (line && (readLicence(line) ?? !line.includes(' '))) {
    return { licence: readLicence(line) ?? line };
  }
  const words = headerWords.exec(unquote(text, sentence))?.groups;
  if (!words) return undefined;
  const { before = '', after } = words;
  if (after !== undefined) {
    const licence = readLicence(after);
    return licence === undefined || /[a-z]{2}/iu.test(before.replace(article, ''))
      ? undefined
      : { licence };
  }
  const name = before.replace(article, '');
  const bare = name.replace(/^(?:(?:short|standard|proper|valid|missing|spdx) )+/iu, '');
  const spoken = bare.replace(/ (?:licen[cs]e|spdx)$/iu, '');
  const licence = readLicence(spoken) ?? (isMisspelled(spoken) ? spoken : undefined);
  if (licence) return { licence };
  return bare === '' ? {} : undefined;
};
