// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { formatArtifact, jobIds, parseArtifact } from '../../src/flow/compile/names.ts';
import { expression } from '../../src/flow/compile/steps.ts';
import { compiled, odd } from './with-compile.ts';

test('artifacts carry node, shard and attempt', (t) => {
  const names = Object.values(compiled(odd).jobs).flatMap(({ steps }) =>
    steps.flatMap(({ uses, with: inputs }) =>
      uses.startsWith('actions/upload-artifact@') ? [String(inputs?.name)] : [],
    ),
  );
  t.is(new Set(names).size, names.length);
  for (const name of names) {
    const real = name
      .replace(expression('matrix.shard'), '3')
      .replace(expression('github.run_attempt'), '2');
    const parsed = parseArtifact(real);
    if (!parsed) return t.fail(real);
    t.is(formatArtifact(parsed), real);
    t.is(parsed.attempt, 2);
  }
  return undefined;
});

const artifactNames = test.macro({
  exec: (t, name: string, isName: boolean) => t.is(parseArtifact(name) !== undefined, isName),
  title: (_, name, isName) =>
    `${JSON.stringify(name)} is ${isName ? '' : 'not '}the name of an artifact`,
});
test(artifactNames, 'night.attempt-1', true);
test(artifactNames, 'node.plan.validate.shard-0.attempt-12', true);
test(artifactNames, 'node.a.shard-1.attempt-1.shard-2.attempt-3', true);
test(artifactNames, 'node.a.shard-01.attempt-1', false);
test(artifactNames, 'node.a.shard-1.attempt-0', false);
test(artifactNames, 'node.../x.shard-1.attempt-1', false);
test(artifactNames, 'node.a b.shard-1.attempt-1', false);
test(artifactNames, '../night.attempt-1', false);
test(artifactNames, 'night.attempt-1\n', false);

test('node ids become job ids, none twice and none that is taken', (t) => {
  t.deepEqual(
    [...jobIds(odd)],
    [
      ['report', 'report-2'],
      ['a-b', 'a-b'],
      ['1st', '_1st'],
      ['a.b', 'a-b-2'],
    ],
  );
});
