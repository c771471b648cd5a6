// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { failureSchema } from '../../../src/agent/schema.ts';
import { findingOfFailure } from '../../../src/data/findings/failures.ts';
import { type FindingCode, findingOf } from '../../../src/data/findings/table.ts';
import { journalSchema } from '../../../src/night/record/night-schemas.ts';
import { readOutcomes, specOutcomeSchema } from '../../../src/night/record/outcomes.ts';
import { readJournal } from '../../../src/trace/journal.ts';
import { textWith } from '../../secrets/planted.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse } from '../support/with-night.ts';

type Row = {
  /** First line of the only file; none where it does not matter. */
  readonly order?: string | Buffer;
  readonly scope?: string;
  readonly more?: string;
  readonly code: FindingCode;
  /** The next night, in which nothing has changed. */
  readonly next?: FindingCode;
};

const red = 'queue.red-before';

/** Each is the only unit of its spec. */
const rows: Readonly<Record<string, Row>> = {
  declined: { order: 'fail no idea', code: 'agent.declined', next: red },
  babbles: { order: 'babble 9', code: 'loop.schema', next: red },
  faulty: { order: 'count', code: 'engine.failed', next: 'engine.failed' },
  'tests-red': { order: 'lines 1 BREAKS-TESTS', code: 'test.failed', next: red },
  'joined-red': { order: 'lines 1 BREAKS-JOIN', code: 'gate.joined-tests', next: red },
  rejected: { order: 'lines 1 REJECT-A no', code: 'gate.rejected', next: red },
  large: { order: 'lines 3', more: 'limits: { maxLines: 1 }\n', code: 'gate.limits', next: red },
  kept: { order: 'keep', code: 'gate.unchanged', next: 'queue.ended-before' },
  key: { order: 'key', code: 'secret.in-patch', next: red },
  'file-key': {
    order: `lines 1\n${textWith('AWS access key')}`,
    code: 'secret.in-file',
    next: red,
  },
  binary: { order: Buffer.from([0, 1, 2]), code: 'file.unreadable', next: red },
  empty: { scope: 'nowhere/', code: 'plan.no-file', next: red },
  odd: { scope: 'lib/', code: 'plan.wrong-kind', next: red },
  upwards: { scope: '"../x/"', code: 'plan.bad-scope', next: red },
  guarded: { scope: 'guarded/', code: 'plan.protected', next: red },
  ruled: { order: '', more: 'rules: { a: 1 }\n', code: 'plan.bad-rules', next: red },
  wide: { order: '', more: 'limits: { maxFiles: 6000 }\n', code: 'plan.limits', next: red },
  later: { order: '', more: 'dependsOn: [good]\n', code: 'queue.depends', next: 'queue.depends' },
};

const shared = wholeFile();

const worked = (async () => {
  const files = Object.entries(rows).map(
    ([id, { order, scope = `${id}/`, more }]): Files => ({
      [`specs/${id}.yaml`]: tinySpec(scope, more),
      ...(order !== undefined && {
        [`${id}/it.txt`]: typeof order === 'string' ? `${id} ${order}\n` : order,
      }),
    }),
  );
  const house = await makeHouse(
    shared,
    Object.assign(
      {
        'pantheon.yaml': tinyConfig('gate: { protected: ["guarded/**"] }\n'),
        'guarded/it.txt': 'guarded\n',
        'specs/good.yaml': tinySpec('good/'),
        'good/it.txt': 'good lines 1\n',
      },
      ...files,
    ),
  );
  const [first, second] = [await house.night(), await house.night()];
  return { house, first, second };
})();

for (const [id, { code, next }] of Object.entries(rows)) {
  test(`${id} ends with ${code}, and the next night with ${next}`, async (t) => {
    const { first, second } = await worked;
    t.is(first.spec(id).code, code, first.spec(id).reason);
    t.is(second.spec(id).code, next, second.spec(id).reason);
  });
}

test('what is opened has no code, and waits for a person the next night', async (t) => {
  const { first, second } = await worked;
  t.is(first.spec('good').outcome, 'pull-request');
  t.is(first.spec('good').code, undefined);
  t.is(second.spec('good').code, 'queue.open');
});

test('every end but a good one has a code that is explained', async (t) => {
  const { house, first, second } = await worked;
  const isCoded = ({ code }: { readonly code?: string | undefined }) =>
    code !== undefined && findingOf(code) !== undefined;
  for (const { summary, folder } of [first, second]) {
    const ends = summary.specs.flatMap((spec) => [
      ...(spec.outcome === 'pull-request' ? [] : [spec]),
      ...spec.unitDetails.filter(({ state }) => state !== 'approved'),
    ]);
    t.true(ends.length > 0);
    t.deepEqual(
      ends.filter((end) => !isCoded(end)),
      [],
    );
    const records = readJournal(join(folder, 'journal.jsonl'), journalSchema).filter(
      (record) =>
        (record.type === 'node' && record.status !== 'ok') ||
        (record.type === 'spec' && record.outcome !== 'pull-request'),
    );
    t.deepEqual(
      records.filter((record) => !isCoded(record as { code?: string })),
      [],
    );
  }
  const outcomes = await readOutcomes(house.state.outcomes);
  t.true(outcomes.length > 0);
  t.deepEqual(
    outcomes.filter((one) => one.outcome !== 'pull-request' && !isCoded(one)),
    [],
  );
});

test('the report tells the fix of each code once', async (t) => {
  const { folder, summary } = (await worked).first;
  const report = readFileSync(join(folder, 'report.md'), 'utf8');
  const codes = summary.specs.flatMap(({ outcome, code }) => (outcome === 'red-bin' ? code : []));
  for (const code of new Set(codes)) {
    t.is(report.split(`(\`${code}\`, `).length, 2, code);
  }
});

test('journals, outcomes and nights of a version without codes are read', (t) => {
  const about = { type: 'node', spec: 'a', unit: 'b', node: 'c', bundle: 'd' } as const;
  t.notThrows(() => journalSchema.parse({ ...about, status: 'failed', code: 'tool-args' }));
  t.notThrows(() =>
    journalSchema.parse({ type: 'spec', spec: 'a', outcome: 'red-bin', reason: 'red' }),
  );
  const line = { night: 'n', spec: 'a', digest: 'd', fingerprint: 'f' };
  t.notThrows(() =>
    specOutcomeSchema.parse({ ...line, outcome: 'red-bin', reason: 'red', transient: true }),
  );
  t.is(findingOfFailure(failureSchema.parse({ code: 'tests', message: 'm' })), 'test.failed');
});
