// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { judgeCase, readCases } from '../../../src/boundary/rules/cases.ts';
import { openRuleBook } from '../../../src/boundary/rules/rule-book.ts';

const file = new URL('../../../rules/cases.yaml', import.meta.url);
const cases = readCases({ name: 'rules/cases.yaml', text: readFileSync(file, 'utf8') });
const runBy = ['pantheon.yaml', 'flows', 'rules', 'agents', 'tools'];
const book = openRuleBook({ own: async () => [], runBy });
test.after.always(() => book.close());

for (const one of cases) {
  test(`${one.it}: ${one.denied ?? 'allowed'}`, async (t) => {
    const ruling = await judgeCase(book, one);
    t.is(ruling.allow ? undefined : ruling.rule, one.denied, JSON.stringify(ruling));
    if (!ruling.allow) t.regex(ruling.place ?? '', /^shipped rules\/\w+\.pl:\d+$/);
  });
}

test('what is beyond reach is permitted by nothing', async (t) => {
  for (const what of ['reads', 'writes']) {
    t.like(
      await book.judge([
        ['tool', 'x'],
        [what, 'a'],
      ]),
      { allow: false, rule: 'default' },
    );
    t.deepEqual(
      await book.judge([
        ['tool', 'x'],
        [what, 'a'],
        ['in_reach', 'a'],
      ]),
      { allow: true },
    );
  }
});
