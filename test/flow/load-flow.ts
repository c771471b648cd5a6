// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { decodeSource } from '../../src/data/read-source.ts';
import { UserError } from '../../src/data/user-error.ts';
import { loadFlow } from '../../src/flow/load-flow.ts';
import { badDocuments } from '../data/bad-documents.ts';
import { each } from '../each.ts';

const agents = new Set([
  'plan.validate',
  'codegen.qwen8b',
  'doc.frontmatter',
  'test.ava',
  'test.docs',
  'review.peer',
  'merge.gate',
]);

const flow = (nodes: string, entry = 'a', output = 'b'): string =>
  `name: x\nentry: ${entry}\noutput: ${output}\nnodes:\n${nodes}\n`;

const node = (id: string, inputs: string, more = ''): string =>
  `  - { id: ${id}, agent: test.ava, inputs: [${inputs}]${more} }`;

/** This very text has to load: flows in other repositories are written like it. */
const printed = `name: spec2code
entry: plan.validate
nodes:
  - { id: plan.validate, agent: plan.validate, inputs: [root] }
  - { id: codegen,       agent: codegen.qwen8b, inputs: [plan.validate] }
  - { id: test,          agent: test.ava,       inputs: [codegen] }
  - { id: reviewA,       agent: review.peer,    inputs: [codegen, test] }
  - { id: reviewB,       agent: review.peer,    inputs: [codegen, test] }
  - { id: merge,         agent: merge.gate,     inputs: [reviewA, reviewB] }
output: merge
`;

test('loads a flow as it is written everywhere', (t) => {
  const loaded = loadFlow({ name: 'spec2code.yaml', text: printed }, { agents });
  t.is(loaded.name, 'spec2code');
  t.deepEqual(
    loaded.nodes.map(({ id }) => id),
    ['plan.validate', 'codegen', 'test', 'reviewA', 'reviewB', 'merge'],
  );
  t.deepEqual(loaded.nodes[3]?.inputs, ['codegen', 'test']);
});

for (const name of ['spec2code', 'docops']) {
  test(`flows/${name}.yaml loads`, (t) => {
    const text = readFileSync(new URL(`../../flows/${name}.yaml`, import.meta.url), 'utf8');
    t.is(loadFlow({ name, text }, { agents }).name, name);
    if (name === 'spec2code') t.is(text, printed);
  });
}

test('a flow bears the name of its file', (t) => {
  const text = flow([node('a', 'root'), node('b', 'a')].join('\n'));
  t.is(loadFlow({ name: 'flows/x.yaml', text }).name, 'x');
  t.throws(() => loadFlow({ name: 'flows/y.yaml', text }), {
    name: 'UserError',
    message: 'flows/y.yaml:1:1: name: "x" is not the name of its file. Write y, or rename the file',
  });
});

test('takes when, retries, timeout and with', (t) => {
  const text = flow(
    [
      node('a', 'root'),
      node('b', 'a', ', when: a.status == ok, retries: 2, timeout: 90s, with: { x: [1] }'),
    ].join('\n'),
  );
  const { when, retries, timeout, with: more } = loadFlow({ name: 'x', text }).nodes[1] ?? {};
  t.deepEqual(
    { when, retries, timeout, more },
    { when: 'a.status == ok', retries: 2, timeout: 90_000, more: { x: [1] } },
  );
});

const refused = test.macro({
  exec(t, text: string, ...lines: readonly string[]) {
    const error = t.throws(() => loadFlow({ name: 'f.yaml', text }, { agents }), {
      instanceOf: UserError,
    });
    t.deepEqual(error?.message.split('\n'), [...lines]);
  },
  title: (what = '') => `refuses ${what}`,
});

each(refused, {
  'a cycle': [
    flow(
      [node('a', 'root'), node('b', 'a, d'), node('c', 'b'), node('d', 'c')].join('\n'),
      'a',
      'd',
    ),
    'f.yaml:7:40: nodes.2.inputs.0: is part of a cycle: b -> c -> d -> b. A flow only goes forward',
  ],
  'a node that takes itself': [
    flow([node('a', 'root'), node('b', 'a, b')].join('\n')),
    'f.yaml:6:43: nodes.1.inputs.1: is part of a cycle: b -> b. A flow only goes forward',
  ],
  'a duplicate id': [
    flow([node('a', 'root'), node('b', 'a'), node('b', 'a')].join('\n')),
    'f.yaml:7:7: nodes.2.id: "b" is already the id of nodes.1. Choose an id that differs in more than case',
  ],
  'ids that differ only in case': [
    flow([node('a', 'root'), node('B', 'a'), node('b', 'B')].join('\n')),
    'f.yaml:7:7: nodes.2.id: "b" is already the id of nodes.1. Choose an id that differs in more than case',
  ],
  'a node named root': [
    flow([node('a', 'root'), node('root', 'a'), node('b', 'a')].join('\n')),
    'f.yaml:6:7: nodes.1.id: "root" stands for the spec. Choose another id',
    'f.yaml:6:7: nodes.1.id: "root" leads nowhere: the output "b" does not need it. Use it or remove it',
  ],
  'an unknown agent': [
    flow([node('a', 'root'), '  - { id: b, agent: test.avva, inputs: [a] }'].join('\n')),
    'f.yaml:6:14: nodes.1.agent: unknown agent "test.avva" (did you mean "test.ava"?)',
  ],
  'an agent like no other': [
    flow([node('a', 'root'), '  - { id: b, agent: zzz, inputs: [a] }'].join('\n')),
    `f.yaml:6:14: nodes.1.agent: unknown agent "zzz". The agents are: ${[...agents].join(', ')}`,
  ],
  'an unknown input': [
    flow([node('plan', 'root'), node('b', 'pln')].join('\n'), 'plan'),
    'f.yaml:6:40: nodes.1.inputs.0: unknown node "pln" (did you mean "plan"?)',
    'f.yaml:3:1: output: "b" cannot be reached from the entry "plan"',
    'f.yaml:5:7: nodes.0.id: "plan" leads nowhere: the output "b" does not need it. Use it or remove it',
  ],
  'an input named twice': [
    flow([node('a', 'root'), node('b', 'a, a')].join('\n')),
    'f.yaml:6:43: nodes.1.inputs.1: "a" is a duplicate. Keep one',
  ],
  'an unknown entry and output': [
    flow([node('a', 'root'), node('b', 'a')].join('\n'), 'aa', 'zzz'),
    'f.yaml:2:1: entry: unknown node "aa" (did you mean "a"?)',
    'f.yaml:3:1: output: unknown node "zzz". The nodes are: a, b',
    'f.yaml:5:40: nodes.0.inputs.0: only the entry "aa" takes "root"',
  ],
  'an unreachable output': [
    flow([node('a', 'root'), node('b', 'c'), node('c', 'b')].join('\n')),
    'f.yaml:7:40: nodes.2.inputs.0: is part of a cycle: b -> c -> b. A flow only goes forward',
    'f.yaml:3:1: output: "b" cannot be reached from the entry "a"',
    'f.yaml:5:7: nodes.0.id: "a" leads nowhere: the output "b" does not need it. Use it or remove it',
  ],
  'a node that leads nowhere': [
    flow([node('a', 'root'), node('b', 'a'), node('c', 'a')].join('\n')),
    'f.yaml:7:7: nodes.2.id: "c" leads nowhere: the output "b" does not need it. Use it or remove it',
  ],
  'an entry that takes a node': [
    flow([node('a', 'root'), node('b', 'a')].join('\n'), 'b', 'b'),
    'f.yaml:5:40: nodes.0.inputs.0: only the entry "b" takes "root"',
    'f.yaml:6:31: nodes.1.inputs: the entry takes the spec and nothing else. Write [root]',
  ],
  'a condition on a later node': [
    flow(
      [node('a', 'root'), node('b', 'a', ', when: c.status == ok'), node('c', 'b')].join('\n'),
      'a',
      'c',
    ),
    'f.yaml:6:44: nodes.1.when: "c" does not run before "b". Name a node that does',
  ],
  'a condition of another form': [
    flow([node('a', 'root'), node('b', 'a', ', when: a.status != ok')].join('\n')),
    'f.yaml:6:44: nodes.1.when: Write `<node>.<field> == <literal>`, for example `test.status == "ok"`',
  ],
  'an unknown key and a wrong type': [
    'name: X\nentry: a\noutput: a\nnodes:\n  - { id: a, agent: test.ava, input: [root] }',
    'f.yaml:1:1: name: use lower-case letters, digits, "-", "_" or single dots, starting with a letter or digit',
    'f.yaml:5:5: nodes.0.inputs: is missing',
    'f.yaml:5:31: nodes.0.input: unknown key (did you mean "inputs"?)',
  ],
});

for (const { what, bytes } of badDocuments) {
  test(`refuses ${what} as a flow`, (t) => {
    const error = t.throws(
      () => loadFlow(decodeSource(Buffer.from(bytes as string), 'flows/bad.yaml')),
      { instanceOf: UserError },
    );
    t.regex(error?.message ?? '', /^flows\/bad\.yaml/);
  });
}
