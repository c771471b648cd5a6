// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { makeTemporaryFolder } from '../../../data/temporary-folder.ts';
import { EngineFault, type Message } from '../../contract/engine.ts';
import { createShares } from '../../local/pool-shares.ts';
import { openProcesses, type Processes, type Waiter } from '../../local/processes.ts';
import type { ModelProcess } from '../../local/start-process.ts';
import { raceAbort } from '../../local/waits.ts';
import { promptsShortage } from './memory.ts';
import type {
  ModelAnswer,
  ModelCalls,
  ModelFacts,
  ModelOpening,
  ModelRequest,
} from './model-calls.ts';
import { type Layout, layoutOf } from './pool-layout.ts';
import { chooseSlot, type Slot } from './slot-choice.ts';
import { startModel } from './start-model.ts';

type ModelPoolSettings = Omit<ModelOpening, 'folder'> & {
  readonly processes: number | undefined;
  readonly slots: number | undefined;
};

/** Processes that have one model and share the work on it. */
export type ModelPool = {
  readonly facts: ModelFacts;
  readonly layout: Layout;
  /** Answers one request at a time in each slot. `onStart` is called when its turn comes. */
  readonly ask: (request: ModelPoolRequest, signal: AbortSignal) => Promise<ModelAnswer>;
  readonly count: (messages: readonly Message[]) => Promise<number>;
  /** @throws EngineFault when it does not fit the model. */
  readonly loadAdapter: (path: string) => Promise<void>;
  readonly unloadAdapter: (path: string) => void;
  readonly close: () => Promise<void>;
};

export type ModelPoolRequest = Omit<ModelRequest, 'slot'> &
  Pick<Waiter<ModelAnswer>, 'idleTimeoutMs' | 'onStart' | 'onProgress'>;

type ModelProcesses = Processes<ModelCalls> & {
  readonly first: { readonly facts: ModelFacts; readonly layout: Layout };
};

/** Opens the model, measures what suits it, and starts as many processes. @throws EngineFault. */
export const openModelPool = async (
  settings: ModelPoolSettings,
  setting: string,
): Promise<ModelPool> => {
  const folder = await makeTemporaryFolder('llama');
  const adapters = new Set<string>();
  const slots: Slot[] = [];
  const { model, contextTokens, gpu, template } = settings;
  const open = (child: ModelProcess<ModelCalls>, threads: number | undefined) =>
    child.call('open', { model, contextTokens, gpu, template, folder, threads }).done;
  const serve = (child: ModelProcess<ModelCalls>, { threads, slots: all, processes }: Layout) =>
    child.call('serve', { threads, slots: all / processes }).done;
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const processes = await openProcesses({
      setting,
      start: () => startModel(model, setting),
      openFirst: async (child) => {
        const facts = await open(child, settings.threads);
        const layout = layoutOf(settings, facts);
        const shortage = promptsShortage(layout, facts, process.availableMemory());
        if (shortage !== undefined) throw new EngineFault(`${setting}.${shortage}`);
        await serve(child, layout);
        return { facts, layout, processes: layout.processes };
      },
      openOther: async (child, { layout }, index) => {
        for (const { process, conversations } of slots) {
          if (process === index) conversations.clear();
        }
        await open(child, layout.threads);
        await serve(child, layout);
        for (const path of adapters) await child.call('loadAdapter', path).done;
      },
      endSilent: false,
    });
    slots.push(...emptySlots(processes.first.layout));
    const close = async () => {
      await processes.close();
      await removeFolder();
    };
    return { ...createPool(processes, slots, adapters), close };
  } catch (error) {
    await removeFolder();
    throw error;
  }
};

const emptySlots = ({ slots, processes }: Layout): readonly Slot[] =>
  Array.from({ length: slots }, (_, index) => ({
    process: index % processes,
    index: Math.floor(index / processes),
    pending: 0,
    free: Promise.resolve(),
    used: 0,
    conversations: new Map(),
  }));

const createPool = (
  processes: ModelProcesses,
  slots: readonly Slot[],
  adapters: Set<string>,
): Omit<ModelPool, 'close'> => {
  let uses = 0;

  /** The slot's turn comes when it has answered, or stopped answering, those before. */
  const queue = (slot: Slot, work: () => Promise<void>): void => {
    uses += 1;
    slot.used = uses;
    slot.pending += 1;
    slot.free = slot.free.then(work).finally(() => {
      slot.pending -= 1;
    });
  };

  return {
    ...processes.first,
    ask: async (request, signal) => {
      signal.throwIfAborted();
      const { idleTimeoutMs, onStart, onProgress, ...rest } = request;
      const { messages, adapter = '' } = request;
      const slot = chooseSlot(slots, adapter, messages);
      if (!slot) throw new Error('a pool without slots');
      const settle = Promise.withResolvers<ModelAnswer>();
      const waiter = { signal, idleTimeoutMs, onStart, onProgress, settle };
      queue(slot, () =>
        processes.answer<ModelAnswer, typeof waiter>(slot.process, [waiter], (child, _, tell) => {
          const { done, stop } = child.call('answer', { ...rest, slot: slot.index }, tell);
          return { done: done.then((answer) => [answer]), stop };
        }),
      );
      const answer = await raceAbort(settle.promise, signal);
      const { text, tokens } = answer;
      for (const [index, child] of processes.all.entries()) {
        if (index !== slot.process) child.call('remember', { text, tokens });
      }
      slot.conversations.set(adapter, [...messages, { role: 'assistant', content: text }]);
      return answer;
    },
    count: async (messages) => (await processes.at(0)).call('count', messages).done,
    loadAdapter: async (path) => {
      if (adapters.has(path)) return;
      await Promise.all(
        processes.all.map(async (_, index) => {
          await (await processes.at(index)).call('loadAdapter', path).done;
        }),
      );
      adapters.add(path);
    },
    unloadAdapter: (path) => {
      adapters.delete(path);
      for (const child of processes.all) child.call('forgetAdapter', path);
      for (const { conversations } of slots) conversations.delete(path);
    },
  };
};

/** A share of the pool with these settings; nothing is loaded yet. */
export const shareModelPool = createShares(openModelPool);
