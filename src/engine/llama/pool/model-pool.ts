// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { makeTemporaryFolder } from '../../../data/temporary-folder.ts';
import { EngineFault, type Message } from '../../contract/engine.ts';
import type { TemplateName } from '../../local/chat-templates.ts';
import { keepAlive } from '../../local/keep-alive.ts';
import { stopOrKill } from '../../local/stop-or-kill.ts';
import { raceAbort, startIdle } from '../../local/waits.ts';
import { availableMemory, promptsShortage } from './memory.ts';
import type { Answer, Ask, Facts } from './messages.ts';
import { type Asked, type ModelChild, startModelChild } from './model-child.ts';
import { type Layout, layoutOf } from './pool-layout.ts';
import type { Slot } from './slot-choice.ts';
import { openSlotQueue } from './slot-queue.ts';

type PoolSettings = {
  /** Path of the GGUF. */
  readonly model: string;
  readonly threads: number | undefined;
  readonly processes: number | undefined;
  readonly slots: number | undefined;
  readonly contextTokens: number | undefined;
  readonly gpu: boolean;
  readonly template?: TemplateName | undefined;
};

/** Processes that hold one model and share the work on it. */
export type ModelPool = {
  readonly facts: Facts;
  readonly layout: Layout;
  /** Waits for a slot, then asks. `onStart` is called when it has one. */
  readonly ask: (ask: PoolAsk, signal: AbortSignal) => Promise<Answer>;
  readonly count: (messages: readonly Message[]) => Promise<number>;
  /** @throws EngineFault when it does not fit the model. */
  readonly loadAdapter: (path: string) => Promise<void>;
  readonly unloadAdapter: (path: string) => void;
  readonly close: () => Promise<void>;
};

export type PoolAsk = Omit<Ask, 'slot'> & {
  readonly idleTimeoutMs: number;
  readonly onStart: () => void;
  readonly onProgress: () => void;
};

/** Opens the model, measures what suits it, and starts as many processes. @throws EngineFault. */
export const openModelPool = async (
  settings: PoolSettings,
  setting: string,
): Promise<ModelPool> => {
  const folder = await makeTemporaryFolder('llama');
  const children: ModelChild[] = [];
  const adapters = new Set<string>();
  const start = async (threads: number | undefined): Promise<[ModelChild, Facts]> => {
    const child = startModelChild(setting);
    try {
      const facts = await child.open({
        model: settings.model,
        gpu: settings.gpu,
        folder,
        ...(settings.template !== undefined && { template: settings.template }),
        ...(threads !== undefined && { threads }),
        ...(settings.contextTokens !== undefined && { contextTokens: settings.contextTokens }),
      });
      return [child, facts];
    } catch (error) {
      await child.close();
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [first, facts] = await start(settings.threads);
    children.push(first);
    const layout = layoutOf(settings, facts);
    const shortage = promptsShortage(layout, facts, availableMemory());
    if (shortage !== undefined) throw new EngineFault(`${setting}.${shortage}`);
    const each = Math.ceil(layout.slots / layout.processes);
    const others = Array.from({ length: layout.processes - 1 }, () => start(layout.threads));
    for (const other of await Promise.allSettled(others)) {
      if (other.status === 'rejected') throw other.reason;
      children.push(other.value[0]);
    }
    await Promise.all(children.map((child) => child.serve(layout.threads, each)));
    const restart = async (): Promise<ModelChild> => {
      const [child] = await start(layout.threads);
      await child.serve(layout.threads, each);
      for (const path of adapters) await child.loadAdapter(path);
      return child;
    };
    return createPool({ setting, facts, layout, children, adapters, restart, close });
  } catch (error) {
    await close();
    throw error;
  }
};

const createPool = (given: {
  readonly setting: string;
  readonly facts: Facts;
  readonly layout: Layout;
  readonly children: ModelChild[];
  readonly adapters: Set<string>;
  readonly restart: () => Promise<ModelChild>;
  readonly close: () => Promise<void>;
}): ModelPool => {
  const { setting, facts, layout, children, adapters } = given;
  const slots = openSlotQueue(layout);
  const childOf = keepAlive(children, (process) => {
    slots.forgetProcess(process);
    return given.restart();
  });

  const run = async (slot: Slot, ask: PoolAsk, signal: AbortSignal): Promise<Answer> => {
    const { idleTimeoutMs, onStart, onProgress, ...rest } = ask;
    let asked: Asked | undefined;
    try {
      const child = await childOf(slot.process);
      signal.throwIfAborted();
      const idle = startIdle(idleTimeoutMs, setting);
      onStart();
      asked = child.ask({ ...rest, slot: slot.index }, () => {
        idle.refresh();
        onProgress();
      });
      const { answer: done, stop } = asked;
      const over = (): void => stopOrKill(child, { stop, done });
      signal.addEventListener('abort', over, { once: true });
      idle.silent.catch(over);
      try {
        const answer = await raceAbort(Promise.race([asked.answer, idle.silent]), signal);
        for (const other of children) {
          if (other !== child) other.remember(answer.text, answer.tokens);
        }
        slot.held.set(ask.adapter ?? '', [
          ...ask.messages,
          { role: 'assistant', content: answer.text },
        ]);
        return answer;
      } finally {
        idle.end();
        signal.removeEventListener('abort', over);
      }
    } finally {
      // The process may still be at it; its slot is free when it has stopped.
      const free = (): void => slots.release(slot);
      if (asked) void asked.answer.then(free, free);
      else free();
    }
  };

  return {
    facts,
    layout,
    ask: async (ask, signal) => {
      signal.throwIfAborted();
      const slot = await slots.acquire(ask, signal);
      return run(slot, ask, signal);
    },
    count: async (messages) => (await childOf(0)).count(messages),
    loadAdapter: async (path) => {
      if (adapters.has(path)) return;
      await Promise.all(
        children.map(async (_, process) => (await childOf(process)).loadAdapter(path)),
      );
      adapters.add(path);
    },
    unloadAdapter: (path) => {
      adapters.delete(path);
      for (const child of children) child.forgetAdapter(path);
      slots.forgetAdapter(path);
    },
    close: given.close,
  };
};
