// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';

const bytes = new Uint8Array([0x23, 0x20, 0xff, 0xfe, 0x0a]);

const cases: Readonly<Record<string, readonly [page: string, done: string]>> = {
  'Fix broken relative links': ['[s](s.md)\n', '[s](x/s.md)\n'],
  'All tags are in lower case': ['---\ntags: [A]\n---\n', '---\ntags: [a]\n---\n'],
  'Rename the key `old` to `new`': ['---\nold: 1\n---\n', '---\nnew: 1\n---\n'],
  'Every file ends with a newline': ['a', 'a\n'],
  'No file has trailing whitespace': ['a \n', 'a\n'],
};

for (const [sentence, [page, done]] of Object.entries(cases)) {
  test(`a page that is not text is left and named: ${sentence}`, async (t) => {
    const files = { 'a.md': page, 'b.md': bytes, 'x/s.md': '# S\n' };
    const spec = { title: 'A chore', scope: '**', acceptance: [sentence] };
    const { status, notes, changed, result } = await drive(files, spec);
    t.is(status, 'ok', notes);
    t.deepEqual(Object.fromEntries(changed), { 'a.md': done });
    t.regex(JSON.stringify(result), /b\.md.*is not UTF-8 text/);
  });
}
