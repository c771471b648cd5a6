// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../src/data/user-error.ts';
import { sealAsIs } from '../../../src/trace/sign/seal.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

/* Who edits exam results gives a vote to reviewers that approve everything. */

const files = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

const changes: Readonly<
  Record<
    string,
    readonly [name: string, change: (lines: readonly string[]) => readonly string[], line: number]
  >
> = {
  'an exam that was failed': [
    'exams.jsonl',
    ([first = '', ...rest]) => [first.replace('"recall":1', '"recall":0.99'), ...rest],
    1,
  ],
  'an exam more': ['exams.jsonl', (lines) => [...lines, lines[0] ?? ''], 5],
  'an exam less': ['exams.jsonl', (lines) => lines.slice(0, -1), 4],
  'a joint judgement': [
    'ledger.jsonl',
    ([first = '', ...rest]) => [first.replace('approve', 'reject'), ...rest],
    1,
  ],
};

for (const [what, [name, change, line]] of Object.entries(changes)) {
  test(`${what}, by hand, stops the night before it is decided`, async (t) => {
    const house = await makeHouse(t, files);
    const file = join(house.state.root, name);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    writeFileSync(file, `${change(lines).join('\n')}\n`);
    const error = await t.throwsAsync<UserError>(house.night(), { instanceOf: UserError });
    t.deepEqual(error?.place, { file, line });
    t.deepEqual(house.branches(), []);
    sealAsIs(house.state.root);
    await t.notThrowsAsync(house.night(), 'accepted on purpose');
  });
}
