// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { makeRepository } from '../../workspace/with-repository.ts';
import { houseIn, nodesOf, passExams } from '../support/with-night.ts';

const spec = (header: string): string =>
  JSON.stringify({
    ...{ title: 'Headers', flow: 'spec2code', scope: `${header}/` },
    acceptance: [`All files in ${header}/ have an ${header} header`],
  });

/* A night with the model that ships, which was not taught this question and answers it with "none". */
test('rules work what the sentence says, and ask a model for what it leaves open', async (t) => {
  t.timeout(120_000);
  const repository = makeRepository(t, {
    'pantheon.yaml': `profile: small
profiles:
  small:
    default: { engine: rules }
    codegen.qwen8b: { engine: llama, model: models/pantheon-picker, dialect: decision, slots: 1 }
    review.peer: [ { engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing } ]
`,
    'specs/said.json': spec('MIT'),
    'specs/open.json': spec('LGPL'),
    'MIT/a.ts': 'a();\n',
    'LGPL/a.ts': 'a();\n',
    'package.json': '{ "license": "LGPL-2.1-or-later" }\n',
  });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['spec2code']);
  const night = await house.night();
  t.is(night.spec('said').outcome, 'pull-request', night.spec('said').reason);
  const open = night.spec('open');
  t.is(open.outcome, 'red-bin');
  t.regex(open.reason, /no licence that is offered for LGPL is right/);
  t.notRegex(open.reason, /the model declined/, 'rules decline, for a reason of their own');
  const traces = openTraces(night.folder);
  const asked = ['said', 'open'].map((id) => {
    const record = nodesOf(night.folder).find(
      ({ spec, node }) => spec === id && node === 'codegen',
    );
    const files = record && traces.read({ spec: id, unit: record.unit, node: 'codegen' })?.files;
    const { completions } = JSON.parse(files?.['metrics.json'] ?? '{}');
    return [completions.length, (files?.['tool_calls.jsonl'] ?? '').includes('"name":"pick"')];
  });
  t.deepEqual(asked, [
    [0, false],
    [1, true],
  ]);
});
