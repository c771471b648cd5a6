// SPDX-License-Identifier: GPL-3.0-only

/** A file of JSON word by word, without commas at an end. */
export const jsonForm = (text: string): string => {
  const words =
    text.match(/"(?:\\.|[^"\\\n])*"|\/\/.*|\/\*[\s\S]*?\*\/|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
  const said = words.filter((word) => !word.startsWith('//') && !word.startsWith('/*'));
  const kept = said.filter((word, at) => word !== ',' || !/^[}\]]$/.test(said[at + 1] ?? ''));
  const small = kept.map((word) => (/^-?\d/.test(word) ? plainNumber(word.toLowerCase()) : word));
  const remarks = words.flatMap((word, at) =>
    /^\/[/*]/.test(word)
      ? [
          [
            words.slice(0, at).filter((one) => /\w/.test(one)).length,
            word.split(/\s+/).join(' ').trim(),
          ],
        ]
      : [],
  );
  return JSON.stringify([small, remarks]);
};

/** Without noughts at its end but the first, and without a plus. */
const plainNumber = (number: string): string => {
  const [, whole = '', part = '', power = ''] =
    /^(-?\d+)(?:\.(\d+))?(?:e\+?(-?\d+))?$/.exec(number) ?? [];
  if (whole === '') return number;
  const digits = part.slice(0, 1) + part.slice(1).replace(/0+$/, '');
  return whole + (part === '' ? '' : `.${digits}`) + (power === '' ? '' : `e${power}`);
};

/** Whether a text that any reader takes is no such text any more. */
export const isSpoiledJson = (path: string, text: string, now: string): boolean =>
  /\.json$/i.test(path) && isPlainJson(text) && !isPlainJson(now);

const isPlainJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
