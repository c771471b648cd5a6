// SPDX-License-Identifier: GPL-3.0-only
import { sameSheet } from './judge-css.ts';

/** Whether two files of JSON or CSS say the same. */
export const sameData = (path: string, before: string, now: string): boolean =>
  /\.css$/i.test(path) ? sameSheet(before, now) : sameJson(before, now, /\.json$/i.test(path));

/** The same but for blanks between words, and for a comma taken off an end. */
const sameJson = (before: string, now: string, isPlain: boolean): boolean => {
  const [was, is] = [before, now].map(squeeze) as [string, string];
  const ends = /,(?=[}\]])/g;
  const isMore = isPlain && (is.match(ends)?.length ?? 0) > (was.match(ends)?.length ?? 0);
  return !isMore && was.replace(ends, '') === is.replace(ends, '');
};

/** Without blanks; texts and comments become words between which none was. */
const squeeze = (text: string): string => {
  const parts =
    text.match(/"(?:[^"\\\n]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|\s+|[^\s"/]+|./g) ?? [];
  return parts
    .filter((part) => part.trim() !== '')
    .map((part) => {
      if (/^["/]/.test(part))
        return JSON.stringify(part.replace(/^\/.*/s, (said) => said.replace(/\s+/g, ' ').trim()));
      return part
        .replace(/(?<=\d)E/g, 'e')
        .replace(/(\.\d+?)0+(?!\d)/g, '$1')
        .replace(/(?<=\de)\+/g, '');
    })
    .join('');
};
