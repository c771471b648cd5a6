// SPDX-License-Identifier: GPL-3.0-only

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { stringify } from 'yaml';
import { openChores } from '../../src/chore/chores.ts';
import { cpuTime } from '../cpu-time.ts';
import { each } from '../each.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

/* The chores of a repository: whoever wrote one, reading it ends, and says what is wrong. */

const openOwn = (t: ExecutionContext, manifest: object) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'sweep'));
  const text = stringify({
    name: 'sweep',
    description: 'Sweeps.',
    args: { type: 'object' },
    examples: ['sweep: {}'],
    ...manifest,
  });
  writeFileSync(join(folder, 'sweep', 'chore.yaml'), text);
  return openChores([folder]);
};

/** The time a backtracking regular expression takes for these grows with a power of their length, or faster. */
const endsSoon = test.macro((t, template: string, text: string) => {
  const { read } = openOwn(t, { sentences: [template] });
  const spent = cpuTime(() => t.is(read(text), undefined));
  t.true(spent < 2000, `${spent} ms`);
});

/** What a template asks for is there, and not where it must be. */
const hostile = `${'a'.repeat(237)}bc`;

each(endsSoon, {
  'choices that repeat': ['(a|a|aa)*(a|a|aa)*(a|a)*b', hostile],
  'choices of nothing that repeat': ['(|a|)*(|a|aa|)*b', hostile],
  'choices one after the other': [`${'(a|aa)'.repeat(120)}b`, hostile],
  'many that may be left out': [`${'[a]'.repeat(300)}b`, hostile],
  'places side by side': ['{a:text}{b:text}{c:text}{d:text}b', hostile],
  'places between the same letter': ['{a:text}a{b:text}a{c:text}a{d:text}b', hostile],
});

const refused = test.macro((t, manifest: object, message: RegExp) => {
  t.throws(() => void openOwn(t, manifest), { name: 'UserError', message });
});

each(refused, {
  'more choices than are matched in good time': [
    { sentences: Array.from({ length: 20 }, (_, index) => `${'[a|b]'.repeat(90)}${index}`) },
    /chore\.yaml:\d+:\d+: sentences: have \d+ words and choices, of which 5000 .*\. Write fewer$/,
  ],
  'an example that its sentences do not read': [
    { sentences: ['sweep the floor'], examples: ['Sweep the floor', 'Mop the floor'] },
    /chore\.yaml:\d+:\d+: examples\.1: none of the chore's sentences reads "Mop the floor"/,
  ],
  'a flow without an agent': [
    { flow: 'spec2code' },
    /chore\.yaml:\d+:\d+: flow: works only beside "agent"; write both, or neither for a condition$/,
  ],
  'an agent without a flow': [{ agent: 'codegen.qwen8b' }, /: agent: works only beside "flow";/],
});
