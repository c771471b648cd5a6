// SPDX-License-Identifier: GPL-3.0-only
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { toLetters } from './byte-letters.ts';

/*
 * Learns `merges.txt`, once: the file is kept so that the model stays the same when texts change.
 * `node test/tiny-model/train-merges.ts` from the root of the repository.
 */

const wanted = 3837;

/** How GPT-2 cuts text into words before merging. */
const word = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

const files = ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'schemas/*.json', 'src/**/*.ts']
  .flatMap((pattern) => globSync(pattern))
  .sort();

/** Answers as agents give them: compact JSON, of which the files hold little. */
const answers = (file: string, text: string): readonly string[] => {
  const notes = text.slice(0, 80);
  const compact = file.endsWith('.json') ? [JSON.stringify(JSON.parse(text))] : [];
  return [
    JSON.stringify({ type: 'tool', name: 'read_file', args: { path: file, side: 'base' } }),
    JSON.stringify({ type: 'tool', name: 'write_file', args: { path: file, text: notes } }),
    JSON.stringify({
      type: 'final',
      output: {
        status: 'ok',
        notes,
        metrics: {},
        result: { title: notes, tags: ['docs', 'notes'] },
      },
    }),
    JSON.stringify({
      type: 'final',
      output: {
        status: 'fail',
        notes,
        metrics: { files: 1 },
        result: { verdict: 'reject', findings: [] },
      },
    }),
    ...compact,
  ];
};

const texts = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [text, ...answers(file, text)];
});

const counts = new Map<string, number>();
for (const text of texts) {
  for (const [match] of text.matchAll(word)) counts.set(match, (counts.get(match) ?? 0) + 1);
}
const words = [...counts].map(([text, count]) => ({ parts: [...toLetters(text)], count }));

const pairs = new Map<string, number>();
const holders = new Map<string, Set<(typeof words)[number]>>();
const tally = (entry: (typeof words)[number], sign: 1 | -1): void => {
  for (let index = 1; index < entry.parts.length; index += 1) {
    const pair = `${entry.parts[index - 1]} ${entry.parts[index]}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + sign * entry.count);
    if (sign === 1) holders.set(pair, (holders.get(pair) ?? new Set()).add(entry));
  }
};
for (const entry of words) tally(entry, 1);

const merges: string[] = [];
const usedNames = new Set<string>();
while (merges.length < wanted) {
  let best = '';
  let most = 0;
  for (const [pair, count] of pairs) {
    if (count > most || (count === most && pair < best)) [best, most] = [pair, count];
  }
  merges.push(best);
  const [left = '', right = ''] = best.split(' ');
  for (const entry of holders.get(best) ?? []) {
    tally(entry, -1);
    const parts: string[] = [];
    for (const part of entry.parts) {
      if (parts.at(-1) === left && part === right) parts[parts.length - 1] = left + right;
      else parts.push(part);
    }
    entry.parts.splice(0, entry.parts.length, ...parts);
    tally(entry, 1);
  }
  pairs.delete(best);
  // Two ways to the same entry would give it two numbers.
  if (usedNames.has(left + right)) merges.pop();
  usedNames.add(left + right);
}
writeFileSync(new URL('merges.txt', import.meta.url), `${merges.join('\n')}\n`);
