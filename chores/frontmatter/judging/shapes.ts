// SPDX-License-Identifier: GPL-3.0-only

/** Whether a value has one of the shapes that sentences and rules name. */
export const hasShape = (value: unknown, shape: string): boolean => {
  switch (shape) {
    case 'list':
      return Array.isArray(value);
    case 'sorted-list':
      return Array.isArray(value) && isSorted(value.map(String));
    case 'map':
      return value !== null && typeof value === 'object' && !Array.isArray(value);
    case 'date':
      return typeof value === 'string' && isDate(value);
    case 'slug':
      return typeof value === 'string' && value !== '' && value === slugFrom(value);
    case 'text':
      return typeof value === 'string';
    default:
      return typeof value === shape;
  }
};

const isSorted = (words: readonly string[]): boolean =>
  words.every((word, index) => index === 0 || (words[index - 1] ?? '') < word);

const isDate = (text: string): boolean => {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d[\d:.]* ?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** Words of letters and digits in lower case with `-` between; Latin letters without their marks. */
export const slugFrom = (text: string): string => {
  const bare = text
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin}\p{M}*)\p{M}/gu, '')
    .normalize('NFC')
    .replace(/['’]/g, '');
  return (bare.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join('-');
};
