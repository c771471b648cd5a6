// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileFlow } from '../../src/flow/compile/compile.ts';
import { agedPins } from '../../src/flow/compile/pins.ts';
import { settings, shipped } from './with-compile.ts';

const commit = 'ab12'.repeat(10);

const aged = test.macro<[line: string, from: number | undefined]>({
  exec: (t, line, from) => {
    const pins = agedPins(`jobs:\n${line}\n`, 'github.com');
    t.deepEqual(
      pins.map((pin) => [pin.line, pin.from]),
      from === undefined ? [] : [[2, from]],
    );
  },
  title: (_, line = '', from) => `${line.trim()} is ${from === undefined ? 'left alone' : 'aged'}`,
});

test(aged, '      - uses: actions/checkout@v4', 5);
test(aged, '        uses: "actions/checkout@v4.2.2"', 5);
test(aged, `        uses: actions/upload-artifact@${commit} # v5.0.0`, 6);
test(aged, `        uses: actions/download-artifact@${commit} # v6.0.0`, 7);
test(aged, `        uses: actions/create-github-app-token@${commit} # v2.0.6`, 3);
test(aged, '      - uses: actions/checkout@v5', undefined);
test(aged, `        uses: actions/checkout@${commit} # v6.0.2`, undefined);
test(aged, `        uses: actions/checkout@${commit}`, undefined);
test(aged, '      - uses: actions/checkout@main', undefined);
test(aged, '      - uses: someone/else@v1', undefined);
test(aged, '      # uses: actions/checkout@v4', undefined);

for (const server of ['github.com', 'enterprise'] as const) {
  test(`nothing that is compiled for ${server} is aged there`, (t) => {
    const app = { id: 4711, key: 'PANTHEON_APP_KEY' };
    const text = compileFlow(shipped('docops'), { ...settings, server, app });
    t.deepEqual(agedPins(text, server), []);
  });
}

test('what an Enterprise Server needs is aged on github.com', (t) => {
  const text = compileFlow(shipped('docops'), { ...settings, server: 'enterprise' });
  const actions = agedPins(text, 'github.com').map(({ action }) => action);
  t.deepEqual([...new Set(actions)].sort(), [
    'actions/download-artifact',
    'actions/upload-artifact',
  ]);
});
