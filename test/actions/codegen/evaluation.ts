// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { readCorpora } from '../../../bench/codegen/corpus.ts';
import { drive } from '../../../bench/codegen/drive.ts';
import { type Task, tasksFor } from '../../../bench/codegen/tasks.ts';
import { faultOf } from '../../../bench/codegen/verify.ts';
import { score } from '../../../bench/evaluate-codegen.ts';
import { each } from '../../each.ts';

const small = readCorpora(join(import.meta.dirname, '../../../node_modules')).then(({ corpora }) =>
  corpora.filter(({ files }) => JSON.stringify(files).length < 100_000),
);

test('on packages it was not written for: nothing wrong, most of it done', async (t) => {
  const tasks = (await small).flatMap((corpus) => tasksFor(corpus, 1));
  t.true(tasks.length >= 10, 'some of the packages are installed');
  const scores = [];
  for (const task of tasks) scores.push(await score(task));
  const wrong = scores.filter(({ outcome }) => outcome === 'wrong');
  t.deepEqual(
    wrong.map(({ task, notes }) => [task.corpus.name, task.spec.acceptance, notes]),
    [],
  );
  const hopeful = scores.filter(({ task }) => task.expect.kind !== 'hopeless');
  const done = hopeful.filter(({ outcome }) => outcome === 'done').length;
  t.log(`${done} of ${hopeful.length} done, ${scores.length - done} declined`);
  t.true(done >= hopeful.length / 2);
});

const twice = small.then((corpora) => corpora.flatMap((corpus) => tasksFor(corpus, 2)));

const spoilt = test.macro(
  async (t, kind: Task['expect']['kind'], spoil: (text: string, task: Task) => string) => {
    for (const task of (await twice).filter(({ expect }) => expect.kind === kind)) {
      const driven = await drive(task.corpus.files, task.spec);
      if (driven.status !== 'ok' || driven.changed.size === 0) continue;
      t.is(faultOf(task, driven), undefined);
      const [path = '', text = ''] = [...driven.changed].at(-1) ?? [];
      const worse = spoil(text, task);
      t.not(worse, text);
      const changed = new Map([...driven.changed, [path, worse]]);
      t.not(faultOf(task, { ...driven, changed }), undefined, `${task.spec.acceptance}`);
      return;
    }
    t.fail(`no ${kind} task`);
  },
);

each(spoilt, {
  'the judge sees a use that was left': ['rename', (text) => text.replace(/(\w+)Anew/u, '$1')],
  'the judge sees other code changed': ['doc-comment', (text) => `${text}\nf();\n`],
  'the judge sees an export too many': ['export', (text) => `${text}\nexport const q = 1;\n`],
  'the judge sees a test of nothing': [
    'test-skeleton',
    (text) => text.replaceAll(/\bt\.\w+\(/gu, 'f('),
  ],
});
