// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { root } from '../docs/pages.ts';
import { start } from './with-cli.ts';

const pantheon = (...args: readonly string[]) => start(args, root, {});

test('explains a code: what it is, why, what to do and where to look', async (t) => {
  const { code, stdout, stderr } = await pantheon('explain', 'engine.failed');
  t.is(code, 0, stderr);
  t.regex(
    stdout,
    /^engine\.failed: The engine failed\n\n {2}Cause: .+\.\n {2}Fix: {3}.+\.\n {2}Look: {2}.+\.\n\n {2}The next night tries again/,
  );
  const told = JSON.parse((await pantheon('explain', 'engine.failed', '--json')).stdout);
  t.like(told, { code: 'engine.failed', title: 'The engine failed', transient: true });
  t.deepEqual(Object.keys(told).sort(), ['cause', 'code', 'fix', 'look', 'title', 'transient']);
});

test('lists all codes by group, or those of one', async (t) => {
  const all = await pantheon('explain');
  t.regex(all.stdout, /^Not worked tonight:\n {2}queue\.depends +The spec waits/);
  t.regex(all.stdout, /\n\nRefused by the gate:\n {2}gate\./);
  const ofGroup = JSON.parse((await pantheon('explain', 'loop', '--json')).stdout);
  t.true(ofGroup.length > 5);
  t.true(ofGroup.every(({ code }: { code: string }) => code.startsWith('loop.')));
});

const unknown: Readonly<Record<string, RegExp>> = {
  'gate.rejectd': /there is no code "gate\.rejectd" \(did you mean gate\.rejected\?\)/,
  // As an older version wrote it.
  secret: /^$/,
  declined: /\(did you mean agent\.declined\?\)/,
  tests: /\(did you mean gate\.tests\?\)/,
  'plan.dependencies': /\(did you mean test\.dependencies/,
  qqqqqqqq: /there is no code "qqqqqqqq"; "pantheon explain" lists them/,
};

for (const [name, said] of Object.entries(unknown)) {
  test(`asked for ${name}`, async (t) => {
    const { code, stderr } = await pantheon('explain', name);
    t.regex(stderr, said);
    t.is(code, stderr === '' ? 0 : 2);
  });
}

test('lists the schemas, and prints one as it is in schemas/', async (t) => {
  const { stdout } = await pantheon('schema');
  t.regex(stdout, /^ {2}agent +An agent: agent\.yaml/);
  const one = await pantheon('schema', 'summary');
  t.is(one.stdout, readFileSync(join(root, 'schemas/summary.schema.json'), 'utf8'));
  const none = await pantheon('schema', 'sumary');
  t.is(none.code, 2);
  t.regex(none.stderr, /there is no schema "sumary" \(did you mean "summary"\?\)/);
});
