// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { whyWorked } from '../../../src/night/decide/why-worked.ts';
import type { DecidedSpec } from '../../../src/night/record/night-schemas.ts';
import type { SpecOutcome } from '../../../src/night/record/outcomes.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';

const file = { title: 'T', scope: 'docs/', acceptance: ['A'] };
const decided: DecidedSpec = {
  spec: normaliseSpec(specFileSchema.parse(file), 'one'),
  ...{ digest: 'd', flow: 'docops', fingerprint: 'f', branch: 'pantheon/one-d' },
};
const last: SpecOutcome = {
  ...{ night: '2026-11-20', spec: 'one', digest: 'd', fingerprint: 'f' },
  ...{ outcome: 'red-bin', reason: 'engine: it was busy', transient: false },
};

const cases: readonly (readonly [string, RegExp, Partial<SpecOutcome>?, Partial<DecidedSpec>?])[] =
  [
    ['another spec ended before', /^new$/, { spec: 'other' }],
    ['another text of it ended before', /^its text changed$/, { digest: 'older' }],
    [
      'what it depends on is different',
      /^a file, .* since it ended in 2026-11-20$/,
      { fingerprint: 'g' },
    ],
    ['it may pass by itself', /may have passed: engine: it was busy$/, { transient: true }],
    ['units were left red', /left red$/, {}, { only: ['u'] }],
    ['somebody ticked it', /^ada asked for it on the dashboard issue$/, {}, { tickedBy: 'ada' }],
    ['nothing is different', /^its pull request of 2026-11-20 is not there any more$/],
  ];

for (const [name, expected, outcome = {}, more = {}] of cases) {
  test(`says why a spec is worked: ${name}`, (t) => {
    t.regex(whyWorked({ ...decided, ...more }, [{ ...last, ...outcome }], undefined), expected);
  });
}

test('a spec that was never worked is new, and --retry comes before every other reason', (t) => {
  t.is(whyWorked(decided, [], undefined), 'new');
  t.is(whyWorked(decided, [last], 'one'), '--retry asks for it');
});
