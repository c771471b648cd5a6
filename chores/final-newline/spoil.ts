// SPDX-License-Identifier: GPL-3.0-only
import type { Spoil } from '../../src/review/exam/draft.ts';

/** A last line break for a file that has none, or more than that. */
export const spoil: Spoil = (material) => {
  if (material.is === 'package') return undefined;
  const { path } = material.is === 'note' ? material.note : material;
  const text = material.files.get(path) ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const bare = text.replace(/(?:\r?\n)+$/, '');
  if (!/\S$/.test(bare) || !bare.includes(eol)) return undefined;
  const put = (patched: string) => new Map([[path, patched]]);
  return {
    way: 'final newline',
    acceptance: ['All files end with a newline'],
    notes: 'final-newline: 1 of 1 files',
    base: new Map([...material.files, [path, bare]]),
    edits: put(bare + eol),
    wrong: {
      'two-of-them': put(bare + eol + eol),
      'another-kind': put(bare + (eol === '\n' ? '\r\n' : '\n')),
      'last-character-lost': put(bare.slice(0, -1) + eol),
      'blank-before-it': put(`${bare} ${eol}`),
    },
  };
};
