// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { readIntents } from '../../src/spec/intent.ts';
import { nearestPhrasing, phrasings } from '../../src/spec/phrasings.ts';

test('what is proposed is understood, and stands in the documentation', (t) => {
  const page = readFileSync(new URL('../../docs/specs.md', import.meta.url), 'utf8');
  for (const phrasing of phrasings) {
    t.not(readIntents(phrasing), undefined, phrasing);
    t.true(page.includes(phrasing), phrasing);
  }
});

const rows: Readonly<Record<string, string | undefined>> = {
  'Each exported function should be explained': 'Every exported function in src/ has a doc comment',
  'Functions carry comments': 'Every exported function in src/ has a doc comment',
  'Pages deserve better titles and tags': 'Every note has a title and tags',
  'Old names are renamed': 'All uses of the old name are updated',
  'The licence headers are right': 'All *.md have GPL header',
  'It feels nicer': undefined,
  'All files are better': undefined,
};

for (const [sentence, expected] of Object.entries(rows)) {
  test(`nearest to: ${sentence}`, (t) => {
    t.is(readIntents(sentence), undefined);
    t.is(nearestPhrasing(sentence), expected);
  });
}
