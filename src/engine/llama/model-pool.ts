// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { EngineFault, type Message } from '../engine.ts';
import { raceAbort, startIdle } from '../local/waits.ts';
import type { TemplateName } from './chat.ts';
import { chooseLayout } from './measure.ts';
import { availableMemory, promptsShortage } from './memory.ts';
import type { Answer, Ask, Facts } from './messages.ts';
import { type Asked, type ModelChild, startModelChild } from './model-child.ts';
import { chooseSlot, type Slot } from './slot-choice.ts';

export type PoolSettings = {
  /** Path of the GGUF. */
  readonly model: string;
  readonly threads: number | undefined;
  readonly processes: number | undefined;
  readonly slots: number | undefined;
  readonly contextTokens: number | undefined;
  readonly gpu: boolean;
  readonly template?: TemplateName | undefined;
};

export type Layout = {
  readonly processes: number;
  readonly threads: number;
  /** Of all processes together. */
  readonly slots: number;
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

const slotsEach = 8;
/** A process that was told to stop and does not is ended [ms]. */
const patience = 20_000;

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

/** What the settings leave open, from what was measured and the memory that is free. */
const layoutOf = (settings: PoolSettings, facts: Facts): Layout => {
  const cores = availableParallelism();
  const best = chooseLayout(facts, cores);
  const threads =
    settings.threads ??
    (settings.processes === undefined
      ? best.threads
      : Math.min(best.threads, Math.max(1, Math.floor(cores / settings.processes))));
  const wanted =
    settings.processes ??
    (settings.threads === undefined ? best.processes : Math.max(1, Math.floor(cores / threads)));
  const room = Math.max(0, availableMemory() - facts.modelBytes) / 2;
  const fitting = Math.floor(room / Math.max(1, facts.bytesPerToken * facts.contextTokens));
  const slots = settings.slots ?? Math.max(1, Math.min(wanted * slotsEach, fitting));
  const processes = Math.min(wanted, slots);
  return { processes, threads, slots: Math.ceil(slots / processes) * processes };
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
  const each = layout.slots / layout.processes;
  const slots: Slot[] = Array.from({ length: layout.slots }, (_, index) => ({
    process: Math.floor(index / each),
    index: index % each,
    busy: false,
    used: 0,
    held: new Map(),
  }));
  const queue: (() => boolean)[] = [];
  const restarting = new Map<number, Promise<ModelChild>>();
  let uses = 0;

  const childOf = async (process: number): Promise<ModelChild> => {
    const child = children[process];
    if (child?.isAlive()) return child;
    const known = restarting.get(process);
    if (known) return known;
    for (const slot of slots) if (slot.process === process) slot.held.clear();
    const made = given.restart();
    restarting.set(process, made);
    try {
      children[process] = await made;
      return made;
    } finally {
      restarting.delete(process);
    }
  };

  const acquire = (ask: PoolAsk, signal: AbortSignal): Promise<Slot> => {
    const take = (): Slot | undefined => {
      const slot = chooseSlot(slots, ask.adapter ?? '', ask.messages);
      if (!slot) return undefined;
      uses += 1;
      slot.used = uses;
      slot.busy = true;
      return slot;
    };
    const free = queue.length === 0 ? take() : undefined;
    if (free) return Promise.resolve(free);
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const turn = (): boolean => {
      const slot = signal.aborted ? undefined : take();
      if (slot) resolve(slot);
      return slot !== undefined || signal.aborted;
    };
    const stop = (): void => {
      const place = queue.indexOf(turn);
      if (place >= 0) queue.splice(place, 1);
      reject(signal.reason);
    };
    queue.push(turn);
    signal.addEventListener('abort', stop, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', stop));
  };
  const release = (slot: Slot): void => {
    slot.busy = false;
    while (queue[0]?.()) queue.shift();
  };

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
      const over = (): void => stopIn(child, asked);
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
      const done = (): void => release(slot);
      if (asked) void asked.answer.then(done, done);
      else done();
    }
  };

  return {
    facts,
    layout,
    ask: async (ask, signal) => {
      signal.throwIfAborted();
      const slot = await acquire(ask, signal);
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
      for (const slot of slots) slot.held.delete(path);
    },
    close: given.close,
  };
};

const stopIn = (child: ModelChild, asked: Asked | undefined): void => {
  if (!asked) return;
  asked.stop();
  const timer = setTimeout(() => child.kill(), patience);
  const end = (): void => clearTimeout(timer);
  asked.answer.then(end, end);
};
