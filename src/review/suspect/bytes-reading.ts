// SPDX-License-Identifier: GPL-3.0-only
import { asBefore, missingIn, type NotePatch, type PatchReading } from './reading.ts';

/** What a reader does not see: byte order mark, line ends, the end of the file, and characters. */
export const readBytes = ({ before, after }: NotePatch): PatchReading => {
  const [old, now] = [before.text, after.text];
  const unseen = missingIn(unseenIn(now), unseenIn(old)).length;
  const alike = missingIn(lookAlikesIn(now), lookAlikesIn(old)).length;
  const [oldEnds, ends] = [lineEndsOf(old), lineEndsOf(now)];
  const [oldEnd, end] = [endOf(old), endOf(now)];
  const said = [
    ...(before.bom === after.bom
      ? []
      : [after.bom ? 'byte order mark new' : 'byte order mark gone']),
    ...(oldEnds === ends ? [] : [`line ends were ${oldEnds}, are ${ends}`]),
    ...(oldEnd === end ? [] : [`end was ${oldEnd}, is ${end}`]),
    ...(unseen > 0 ? ['unseen characters new'] : []),
    ...(alike > 0 ? ['letters of another script new'] : []),
  ];
  return { says: said.length === 0 ? asBefore : said.join('; ') };
};

const unseenIn = (text: string): readonly string[] =>
  text.match(/[\p{Cf}\p{Co}\p{Cn}]|(?![\t\n\r])\p{Cc}/gu) ?? [];

/** Letters of another script right beside Latin ones. */
const lookAlikesIn = (text: string): readonly string[] =>
  text.match(
    /(?<=\p{Script=Latin})[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}](?=\p{Script=Latin})/gu,
  ) ?? [];

const lineEndsOf = (text: string): string => {
  const [all, windows] = [text.match(/\n/g)?.length ?? 0, text.match(/\r\n/g)?.length ?? 0];
  return all === 0 ? 'none' : windows === 0 ? 'LF' : windows === all ? 'CRLF' : 'mixed';
};

const endOf = (text: string): string => {
  if (!text.endsWith('\n')) return 'bare';
  return /\n\r?\n$/.test(text.slice(-3)) ? 'several line breaks' : 'a line break';
};
