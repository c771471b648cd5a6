// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';
import { openPickTool, type PickOptions } from '../../../src/agent/dialects/pick-tool.ts';
import { createMeter } from '../../../src/agent/meter.ts';
import type { CompletionRequest, Engine } from '../../../src/engine/contract/engine.ts';
import { engineThat, input, timing } from '../../agent/with-loop.ts';
import { each } from '../../each.ts';
import { worked } from '../worked.ts';

const said = (id: string): string => `// SPDX-License-Identifier: ${id}\n`;
const asked = ['All files in src/ have a GPL header'];
const spec = { title: 'A chore', scope: '**', acceptance: asked };
const several: Files = {
  'src/a.ts': 'a();\n',
  'lib/b.ts': said('GPL-2.0-only'),
  'lib/c.ts': said('GPL-2.0-or-later'),
  'lib/d.ts': said('GPL-2.0-or-later'),
  'package.json': '{ "license": "GPL-3.0-or-later" }\n',
  LICENSE: 'GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n',
};

/** Asks a model that answers like this, and keeps what it was asked. */
const picking = (answer: string | Error) => {
  const requests: CompletionRequest[] = [];
  const engine: Engine = engineThat(async (request) => {
    requests.push(request);
    if (answer instanceof Error) throw answer;
    const usage = { prompt: 90, cached: 40, completion: 7 };
    return { text: answer, finish: 'stop', usage, timing };
  });
  const meter = createMeter();
  const options: PickOptions = {
    ...{ engine, runtime: { temperature: 0 }, agent: { name: 'codegen' }, meter },
    ...{ decide: 'Pick one.', limits: { idleTimeout: 1000, maxOutputTokens: 4096 } },
    input: { ...input, spec: { ...input.spec, acceptance: asked } },
  };
  return { tool: openPickTool(options), requests, meter };
};

test('where files, package and licence differ, a model picks one by where it is said', async (t) => {
  const { tool, requests, meter } = picking('{"licence":"package.json"}');
  const { status, changed, notes } = await drive(several, spec, [tool]);
  t.is(status, 'ok', notes);
  t.deepEqual(Object.fromEntries(changed), { 'src/a.ts': `${said('GPL-3.0-or-later')}a();\n` });
  t.is(requests.length, 1, 'once for all files');
  const [request] = requests;
  t.deepEqual(
    request?.messages.map(({ content }) => content),
    [
      'Pick one.',
      [
        'Asked: "All files in src/ have a GPL header"',
        ...['licence', '- other files: "GPL-2.0-or-later"', '- package.json: "GPL-3.0-or-later"'],
        ...['- LICENSE: "GPL-3.0-only"', '- none'],
      ].join('\n'),
    ],
  );
  t.deepEqual(request?.schema.properties, {
    licence: { enum: ['other files', 'package.json', 'LICENSE', 'none'] },
  });
  t.like(meter.completions, [{ promptTokens: 90, cachedTokens: 40, completionTokens: 7 }]);
});

const refuses = test.macro(async (t, answer: string | Error, notes: RegExp) => {
  const end = await drive(several, spec, [picking(answer).tool]);
  t.is(end.status, 'fail');
  t.regex(end.notes, notes);
  t.is(end.changed.size, 0);
});

each(refuses, {
  'nothing that is offered is right': [
    '{"licence":"none"}',
    /no licence that is offered for GPL is right/,
  ],
  'a name that is not offered': ['{"licence":"usual"}', /pick: the model picked none of the names/],
  prose: ['package.json', /pick: the model picked none of the names/],
  'two picks for one question': [
    '{"licence":"LICENSE","licence":"package.json"}',
    /pick: the model picked none of the names/,
  ],
});

const isNoQuestion = test.macro(async (t, sentence: string, files: Files) => {
  const { tool, requests } = picking(new Error('was asked'));
  const { status, notes } = await drive(files, { ...spec, acceptance: [sentence] }, [tool]);
  t.is(status, 'ok', notes);
  t.is(requests.length, 0);
});

each(isNoQuestion, {
  'the sentence says it all': ['All files in src/ have a GPL-3.0-only header', several],
  'another licence without versions': [
    'All files in src/ have an MIT header',
    { 'src/a.ts': 'a();\n' },
  ],
  'nothing else says any': [asked[0] ?? '', { 'src/a.ts': 'a();\n' }],
  'all say the usual one': [
    asked[0] ?? '',
    { 'src/a.ts': 'a();\n', 'lib/b.ts': said('GPL-3.0-only'), LICENSE: several.LICENSE ?? '' },
  ],
  'what is said is of another family': [
    asked[0] ?? '',
    {
      'src/a.ts': 'a();\n',
      'lib/b.ts': said('LGPL-2.1-only'),
      'package.json': '{"license":"MIT"}',
    },
  ],
});

each(worked, {
  'rules take what most other files say': [
    asked,
    several,
    { 'src/a.ts': `${said('GPL-2.0-or-later')}a();\n` },
  ],
  'rules take what the package says': [
    asked,
    { 'src/a.ts': 'a();\n', 'package.json': several['package.json'] ?? '' },
    { 'src/a.ts': `${said('GPL-3.0-or-later')}a();\n` },
  ],
});
