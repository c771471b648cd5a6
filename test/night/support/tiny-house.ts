// SPDX-License-Identifier: GPL-3.0-only
import type { Files } from '../../workspace/with-repository.ts';

/*
 * A committed house of a user's own: three agents written as rules that do what the file they work
 * on tells them, so that a night can be made to end in every way without weights or test tools. They
 * are JavaScript: each process that runs TypeScript first loads what strips its types.
 */

const worker = `
const lineOf = (messages, name) => JSON.parse(
  messages.find(({ role }) => role === 'user').content.split('\\n')
    .find((line) => line.startsWith(name + ': ')).slice(name.length + 2));
const asked = {};
const final = (status, notes) => JSON.stringify(
  { type: 'final', output: { status, notes, metrics: {}, result: {} } });
export const answer = async (messages) => {
  const { path, body } = lineOf(messages, 'input');
  if (messages.at(-1).content.startsWith('{"result":')) return final('ok', 'did ' + path);
  const [tag, ...orders] = body.split('\\n')[0].split(' ');
  asked[tag] = (asked[tag] ?? 0) + 1;
  const [order, amount] = orders;
  const from = Date.now();
  if (order === 'slow') await new Promise((resolve) => setTimeout(resolve, Number(amount)));
  const times = 'asked ' + asked[tag] + ' times';
  if (order === 'throw' && asked[tag] <= Number(amount)) throw new Error('the rules are out');
  if (order === 'count') throw new Error('the rules are out, ' + times);
  if (order === 'babble' && asked[tag] <= Number(amount)) return 'I would rather not say.';
  if (order === 'refuse') return final('fail', 'no, ' + times);
  if (order === 'fail') return final('fail', orders.slice(1).join(' '));
  if (order === 'keep') return final('ok', 'nothing to do');
  const text = { slow: 'slept ' + from + ' ' + Date.now() + '\\n', lines: 'line\\n'.repeat(Number(amount)), key: 'AK' + 'IA' + 'QYLPMN5HHHFPZAM2\\n' }[order];
  return JSON.stringify(
    { type: 'tool', name: 'write_file', args: { path, content: body + (text ?? 'done\\n') } });
};
`;

/** Two of them count as two: their code differs in more than what it says. */
const reviewer = (name: string): string => `
export const reviewer${name} = true;
export const answer = (messages) => {
  const task = messages.find(({ role }) => role === 'user').content;
  const [, words] = /REJECT-${name} ([^\\\\"]*)/.exec(task) ?? [];
  const verdict = words === undefined ? 'approve' : 'reject';
  return JSON.stringify({ type: 'final', output: { status: 'ok', notes: verdict, metrics: {},
    result: { verdict, findings: words === undefined ? [] : [words] } } });
};
`;

const checker = `
export const run = async ({ input, overlay }) => {
  const word = input.unit.id === '_joined' ? /BREAKS-(?:TESTS|JOIN)/ : /BREAKS-TESTS/;
  const red = [];
  for (const { path } of overlay.changes()) {
    const text = new TextDecoder().decode(await overlay.read(path));
    if (word.test(text)) red.push(path);
  }
  const failed = red.length;
  const counts = { passed: overlay.changes().length - failed, failed, skipped: 0 };
  const message = red.join(', ') + ' breaks it';
  return {
    notes: failed === 0 ? counts.passed + ' passed' : message,
    result: counts,
    testsLog: JSON.stringify(counts),
    ...(failed > 0 && { failure: { code: 'tests', message } }),
  };
};
`;

/** What exams are made of. */
const code = `
/** The words of a line. */
export const wordsOf = (line: string): readonly string[] => line.split(' ').filter(Boolean);

/** Whether a line says that something is done. */
export const isDone = (line: string): boolean => {
  const words = wordsOf(line);
  return words.length > 0 && words.at(-1) === 'done';
};

/** How many lines of a text say so. */
export const countDone = (text: string): number => {
  let count = 0;
  for (const line of text.split('\n')) {
    if (isDone(line)) count += 1;
  }
  return count;
};
`;

const manifest = (name: string, lines: string): string =>
  `name: ${name}\nversion: 1.0.0\ndescription: Does as it is told.\n${lines}\nout: { type: object }\n`;

/** `flows/tiny.yaml`, with more keys for its nodes. */
export const tinyFlow = (
  extra: Readonly<Partial<Record<'work' | 'test' | 'reviewA' | 'reviewB', string>>> = {},
): string => `name: tiny
entry: plan
nodes:
  - { id: plan, agent: plan.validate, inputs: [root] }
  - { id: work, agent: tiny.worker, inputs: [plan]${extra.work ?? ''} }
  - { id: test, agent: tiny.checker, inputs: [work]${extra.test ?? ''} }
  - { id: reviewA, agent: tiny.reviewer, inputs: [work, test]${extra.reviewA ?? ''} }
  - { id: reviewB, agent: tiny.reviewer, inputs: [work, test]${extra.reviewB ?? ''} }
  - { id: merge, agent: merge.gate, inputs: [reviewA, reviewB] }
output: merge
`;

/** `pantheon.yaml`, with more keys beside the profile and more bindings in it. */
export const tinyConfig = (more = '', bindings = ''): string => `flow: tiny
profile: tiny
profiles:
  tiny:
    default: { engine: rules }
    tiny.reviewer: [ { engine: rules, rules: a }, { engine: rules, rules: b } ]
${bindings}${more}`;

/** A spec file over a folder. */
export const tinySpec = (scope: string, more = ''): string =>
  `title: Say done in ${scope}\nscope: ${scope}\nacceptance:\n  - Every \`file\` says done\n${more}`;

/** Everything but specs and work. */
export const tinyHouse: Files = {
  'pantheon.yaml': tinyConfig(),
  'flows/tiny.yaml': tinyFlow(),
  'agents/worker/agent.yaml': manifest(
    'tiny.worker',
    'kind: model\nrole: work\nunit: file\nfiles: ["**/*.txt"]\ntools: [write_file]',
  ),
  'agents/worker/prompt.md': 'Do what the first line says.\n',
  'agents/worker/rules/default.js': worker,
  'agents/reviewer/agent.yaml': manifest('tiny.reviewer', 'kind: model\nrole: review'),
  'agents/reviewer/prompt.md': 'Say what the file says.\n',
  'agents/reviewer/rules/a.js': reviewer('A'),
  'agents/reviewer/rules/b.js': reviewer('B'),
  'agents/checker/agent.yaml': manifest('tiny.checker', 'kind: code\nrole: test'),
  'agents/checker/agent.js': checker,
  'lib/done.ts': code,
};
