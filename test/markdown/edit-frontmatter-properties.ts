// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { editFrontmatter } from '../../src/markdown/edit-frontmatter.ts';

const edit = { set: { title: 'T', tags: ['a', 'b'] } };

const pieces = [
  'a: 1\n',
  '# c\n',
  '\n',
  'b: [x, "y"] # d\n',
  'c: |\n  t\n\n',
  'd:\n- 1\n- 2\n',
  'title: old # e\n',
  'tags: [z]\n',
  'tags:\n  - z # f\n',
  "e: 'it''s'\n",
  'f: &f {g: 1}\n',
  'h: *f\n',
  '? i\n: j\n',
  'bad\n',
  'title:\n',
  'k: >-\n  a\n  b\n',
  'tags: z\n',
];

test('random frontmatter: text and other lines always stay, or it is refused', (t) => {
  let edited = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }),
      fc.boolean(),
      fc.string(),
      (lines, crlf, tail) => {
        const breaks = (text: string) => (crlf ? text.replaceAll('\n', '\r\n') : text);
        const body = breaks('\n# H\n') + tail;
        const before = breaks(`---\n${lines.join('')}---\n`) + body;
        const result = editFrontmatter(before, edit);
        if ('refused' in result) return true;
        edited += 1;
        const front = result.text.slice(0, result.text.length - body.length);
        const others = lines.filter((line) => !/^(?:title|tags)/.test(line)).map(breaks);
        const again = editFrontmatter(result.text, edit);
        return (
          result.text.endsWith(body) &&
          others.every((line) => front.includes(line)) &&
          ['# c', '# e', '# f'].every(
            (comment) => !before.includes(comment) || front.includes(comment),
          ) &&
          'text' in again &&
          again.text === result.text
        );
      },
    ),
    { numRuns: 150, seed: 7 },
  );
  t.true(edited > 50, `${edited} were edited`);
});

for (const yaml of ['tags:\n  z a # d\n', 'tags: > # keepme\n  z a\n', 'tags: | # keepme\n\n']) {
  test(`refuses or keeps the comment in ${JSON.stringify(yaml)}`, (t) => {
    const edited = editFrontmatter(`---\n${yaml}---\n`, { set: { tags: 'new' } });
    t.true(
      'refused' in edited ? /comment/.test(edited.refused) : /# (?:d|keepme)/.test(edited.text),
    );
  });
}
