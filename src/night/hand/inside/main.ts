// SPDX-License-Identifier: GPL-3.0-only

/* What runs in a hand: code of a repository, called by lines of JSON. See docs/architecture.md. */

import { setTimeout } from 'node:timers/promises';
import type { CodeContext } from '../../../agent/code-agent.ts';
import { importRun } from '../../../agent/code-agent.ts';
import type { Executor } from '../../../boundary/executor.ts';
import type { Chores } from '../../../chore/chores.ts';
import type { ChoreModule } from '../../../chore/schema.ts';
import { once } from '../../../data/memoise.ts';
import { importRules } from '../../../engine/rules/import-rules.ts';
import type { BaseTree } from '../../../workspace/base-tree.ts';
import type { HandCall, HandSettings, OverlayData, WrittenFile } from '../messages.ts';
import { openChannel } from './channel.ts';
import { faultOf, watchCode } from './faults.ts';
import { askedBase, openOverlay } from './overlay.ts';

/* A process starts in a fraction of the time with what it needs alone. */

const loadChores = once(() => import('./chores.ts'));
const loadTools = once(() => import('./tools.ts'));

type State = {
  settings?: HandSettings;
  base?: BaseTree;
  /** What the call wrote. */
  changed?: (() => Promise<WrittenFile[]>) | undefined;
};

const channel = openChannel();
const now: State = {};

const never = new AbortController().signal;

const lend = async (data: OverlayData) => {
  const { overlay, changed } = await openOverlay(data, now.base as BaseTree);
  now.changed = changed;
  return overlay;
};

const openExecutor = once(() => import('./executor.ts'));

/** Sandboxes within this process's own. */
const executor = ({ sandbox }: HandSettings): Executor => ({
  withTree: async (use) => (await openExecutor()).executorHere(sandbox).withTree(use),
  run: async (command) => (await openExecutor()).executorHere(sandbox).run(command),
});

const answerBy = async (
  { file, messages }: Extract<HandCall, { readonly do: 'answer' }>,
  { chores }: HandSettings,
): Promise<unknown> => {
  const answer = await importRules(file);
  // Most take the conversation alone.
  const offered = answer.length > 1 ? (await loadChores()).choresHere(chores) : undefined;
  return answer(messages, offered as Chores);
};

const answer = async (call: HandCall, settings: HandSettings): Promise<unknown> => {
  switch (call.do) {
    case 'check':
      if ('agent' in call) await importRun(call.agent);
      else if ('rules' in call) await importRules(call.rules);
      else {
        const { openModule } = await loadChores();
        await openModule(call.chore, call.module as ChoreModule, call.file);
      }
      return undefined;
    case 'run': {
      const run = await importRun(call.file);
      const { engines, ...context } = call.context;
      return run({
        ...context,
        engines: new Set(engines) as CodeContext['engines'],
        input: call.input,
        overlay: await lend(call.overlay),
        executor: executor(settings),
        dependencies: async (folder) => {
          const answered = await channel.ask({ modules: folder });
          return 'modules' in answered ? answered.modules : [];
        },
        chores: async () => (await loadChores()).choresHere(settings.chores),
        signal: never,
      });
    }
    case 'answer':
      return answerBy(call, settings);
    case 'describe':
      return (await loadTools()).describeTool(call.tool);
    case 'touches':
      return (await loadTools()).touchesHere(call.tool, call.args);
    case 'use': {
      const { tool, args, paths, overlay } = call;
      const lent = await lend(overlay);
      const context = { overlay: lent, executor: executor(settings), signal: never, paths };
      return (await loadTools()).useTool(tool, args, context);
    }
    case 'plan':
      return (await loadChores()).planHere(call);
    case 'judge':
    case 'redo':
      return (await loadChores()).judgeHere(call);
    case 'spoil':
      return (await loadChores()).spoilHere(call);
  }
};

/** What code leaves behind that nobody waits for shows itself now, if at once, and not in a later call. */
const settle = async (): Promise<void> => {
  await new Promise(setImmediate);
  const isLeft = process.getActiveResourcesInfo().some((name) => name === 'Timeout');
  if (isLeft) await setTimeout(20);
};

const serve = async (call: HandCall, settings: HandSettings): Promise<void> => {
  const changed = async () => now.changed?.();
  now.changed = undefined;
  try {
    const value = await answer(call, settings);
    await settle();
    channel.send({ is: 'end', value, written: await changed() });
  } catch (error) {
    channel.send({ is: 'end', fault: faultOf(error), written: await changed() });
  }
};

channel.listen((message) => {
  if (message.is === 'settings') {
    now.settings = message.settings;
    watchCode(now.settings.folders, (fault) => channel.send({ is: 'fault', fault }));
    channel.send({ is: 'ready' });
  } else if (message.is === 'base') now.base = askedBase(message, channel.ask);
  else if (message.is === 'call' && now.settings) void serve(message.call, now.settings);
});
