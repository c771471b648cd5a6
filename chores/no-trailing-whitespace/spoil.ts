// SPDX-License-Identifier: GPL-3.0-only
import type { Spoil } from '../../src/review/exam/draft.ts';

/** Blanks taken off the end of a line of code, or left, or taken elsewhere too. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const { path, text } = random.pick(material.modules);
  const lines = text.split('\n');
  const at = random.pick(lines.flatMap((line, index) => (/[;{})]$/.test(line) ? [index] : [])));
  const blanks = random.pick([' ', '  ', '\t']);
  const write = (change: (line: string, index: number) => string) =>
    new Map([[path, lines.map(change).join('\n')]]);
  const withBlanks = write((line, index) => (index === at ? line + blanks : line));
  return {
    way: 'no trailing whitespace',
    acceptance: ['No file has trailing whitespace'],
    notes: 'no-trailing-whitespace: 1 lines in 1 files',
    base: new Map([...material.files, ...withBlanks]),
    edits: new Map([[path, text]]),
    wrong: {
      'other-blanks': write((line, index) => (index === at ? `${line}${blanks} ` : line)),
      'indentation-too': write((line) => line.replace(/^ {2}(?=\S)/, ' ')),
      'character-lost': write((line, index) => (index === at ? line.slice(0, -1) : line)),
      'line-lost': write((line, index) => (index === at + 1 ? `${line}\n` : line)),
    },
  };
};
