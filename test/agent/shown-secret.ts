// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { z } from 'zod';
import { type Tool, ToolFault } from '../../src/tool/tool.ts';
import { planted, textWith } from '../secrets/planted.ts';
import { call, engineOf, run, tools } from './with-loop.ts';

test('what a tool shows is no prompt where it holds a secret', async (t) => {
  const [token = ''] = planted['GitHub token'] ?? [];
  const shown: string[] = [];
  const engine = engineOf((messages) => {
    shown.push(JSON.stringify(messages));
    return call('show', { path: 'docs/a.md' });
  });
  const show = { ...(tools[0] as Tool), name: 'show', args: z.strictObject({ path: z.string() }) };
  for (const tool of [
    { ...show, run: () => ({ text: textWith('GitHub token') }) },
    {
      ...show,
      run: () => {
        throw new ToolFault(`line 1\n${token}`);
      },
    },
  ]) {
    const { outcome, messages, calls } = await run(engine, { tools: [tool] });
    t.like(outcome, { kind: 'failure', failure: { code: 'secret', step: 1 } });
    t.is(
      outcome.kind === 'failure' && outcome.failure.message,
      'line 2 of what show shows of docs/a.md contains what looks like a GitHub token',
    );
    t.false(JSON.stringify([outcome, messages, calls, shown]).includes(token));
  }
});
