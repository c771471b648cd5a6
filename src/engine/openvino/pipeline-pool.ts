// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import type { Message } from '../contract/engine.ts';
import type { TemplateName } from '../local/chat-templates.ts';
import { keepAlive } from '../local/keep-alive.ts';
import { stopOrKill } from '../local/stop-or-kill.ts';
import { raceAbort, startIdle } from '../local/waits.ts';
import type { Answer, Facts } from './messages.ts';
import { type How, nextBatch } from './next-batch.ts';
import { type PipelineChild, startPipelineChild } from './pipeline-child.ts';

type PoolSettings = {
  /** Path of a GGUF or of an OpenVINO folder. */
  readonly model: string;
  readonly device: string;
  readonly threads: number | undefined;
  readonly processes: number;
  /** Of all processes together. */
  readonly slots: number;
  readonly template: TemplateName | undefined;
  readonly library: string | undefined;
};

/** Processes that hold one model; what waits is answered in batches. */
export type PipelinePool = {
  readonly facts: Facts;
  /** Waits for its batch. `onStart` is called when that begins. */
  readonly ask: (ask: PoolAsk, signal: AbortSignal) => Promise<Answer>;
  readonly count: (messages: readonly Message[], prefill: string) => Promise<number>;
  readonly close: () => Promise<void>;
};

export type PoolAsk = {
  readonly messages: readonly Message[];
  readonly prefill: string;
  /** Worked out first; what others work out meanwhile may join the same batch. */
  readonly how: () => Promise<How>;
  readonly idleTimeoutMs: number;
  readonly onStart: () => void;
  readonly onProgress: () => void;
};

type Waiting = Omit<PoolAsk, 'how'> & {
  readonly how: How;
  /** When it began to wait, as `performance.now()` counts. */
  readonly since: number;
  readonly signal: AbortSignal;
  readonly settle: PromiseWithResolvers<Answer>;
};

/** Loads the model in as many processes as the settings say. @throws EngineFault. */
export const openPipelinePool = async (
  settings: PoolSettings,
  setting: string,
): Promise<PipelinePool> => {
  const { processes, threads, model, device, template, library } = settings;
  // Without a word OpenVINO takes all cores, in each of the processes.
  const each =
    threads ??
    (processes > 1 ? Math.max(1, Math.floor(availableParallelism() / processes)) : undefined);
  const start = async (): Promise<readonly [PipelineChild, Facts]> => {
    const child = startPipelineChild(setting);
    try {
      const facts = await child.open({
        model,
        device,
        ...(each !== undefined && { threads: each }),
        ...(template !== undefined && { template }),
        ...(library !== undefined && { library }),
      });
      return [child, facts];
    } catch (error) {
      await child.close();
      throw error;
    }
  };
  // The first alone: what is wrong with a model is told once.
  const [first, facts] = await start();
  const children = [first];
  const close = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.close()));
  };
  try {
    const others = await Promise.allSettled(Array.from({ length: processes - 1 }, start));
    for (const other of others) {
      if (other.status === 'rejected') throw other.reason;
      children.push(other.value[0]);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const restart = async (): Promise<PipelineChild> => (await start())[0];
  const most = Math.ceil(settings.slots / processes);
  return createPool({ setting, facts, most, children, restart, close });
};

/** How long what comes is gathered before a batch begins, as a share of how long the last one took. */
const gatherShare = 0.05;
const gatherMs = { least: 2, most: 250 } as const;

const createPool = (given: {
  readonly setting: string;
  readonly facts: Facts;
  /** Of one batch. */
  readonly most: number;
  readonly children: PipelineChild[];
  readonly restart: () => Promise<PipelineChild>;
  readonly close: () => Promise<void>;
}): PipelinePool => {
  const { setting, facts, most, children } = given;
  const waiting: Waiting[] = [];
  const busy = new Set<number>();
  let gathering: NodeJS.Timeout | undefined;
  /** How many are about to wait. */
  let expected = 0;
  let lastMs = 0;

  const childOf = keepAlive(children, given.restart);

  const remove = (entry: Waiting): void => {
    const place = waiting.indexOf(entry);
    if (place >= 0) waiting.splice(place, 1);
  };

  /** A batch cannot be joined once it began, so that a little waiting fills it. */
  const gather = (): void => {
    if (waiting.length === 0 || busy.size === children.length) return;
    const ms = Math.min(Math.max(lastMs * gatherShare, gatherMs.least), gatherMs.most);
    if (waiting.length >= most) begin();
    else gathering ??= setTimeout(gathered, ms);
  };
  const gathered = (): void => {
    const waited = performance.now() - (waiting[0]?.since ?? 0);
    if (expected === 0 || waited > gatherMs.most) begin();
    else gathering = setTimeout(gathered, gatherMs.least);
  };
  const begin = (): void => {
    clearTimeout(gathering);
    gathering = undefined;
    for (const index of children.keys()) {
      if (busy.has(index)) continue;
      const batch = nextBatch(waiting, most);
      if (batch.length === 0) return;
      for (const entry of batch) remove(entry);
      busy.add(index);
      void run(index, batch).finally(() => {
        busy.delete(index);
        gather();
      });
    }
  };

  /** Resolves when the process is free again, which may be after everybody has gone. */
  const run = async (index: number, batch: readonly Waiting[]): Promise<void> => {
    try {
      const child = await childOf(index);
      const wanted = batch.filter(({ signal }) => !signal.aborted);
      if (wanted.length === 0) return;
      await answerAll(child, wanted);
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
    }
  };

  const answerAll = async (child: PipelineChild, batch: readonly Waiting[]): Promise<void> => {
    const [first] = batch;
    if (!first) return;
    const start = performance.now();
    const idles = batch.map(({ idleTimeoutMs }) => startIdle(idleTimeoutMs, setting));
    // It computes nothing at all: it would not stop either.
    for (const idle of idles) idle.silent.catch(child.kill);
    for (const { onStart } of batch) onStart();
    const { seed, ...how } = first.how;
    const asked = child.ask(
      {
        prompts: batch.map(({ messages, prefill }) => ({ messages, prefill })),
        ...how,
        seed: seed ?? Math.floor(Math.random() * 2 ** 31),
      },
      () => {
        for (const idle of idles) idle.refresh();
        for (const { onProgress } of batch) onProgress();
      },
    );
    const settled = batch.map(async ({ signal, settle }, index) => {
      try {
        const silent = idles[index]?.silent ?? asked.answers;
        const answers = await raceAbort(Promise.race([asked.answers, silent]), signal);
        const answer = answers[index];
        if (!answer) throw new Error('the process gave fewer answers than it got prompts');
        settle.resolve(answer);
      } catch (error) {
        settle.reject(error);
      }
    });
    const done = asked.answers.then(
      () => {},
      () => {},
    );
    void Promise.all(settled).then(() => stopOrKill(child, { stop: asked.stop, done }));
    await done;
    for (const idle of idles) idle.end();
    lastMs = performance.now() - start;
  };

  return {
    facts,
    ask: async (ask, signal) => {
      signal.throwIfAborted();
      expected += 1;
      const how = await raceAbort(ask.how(), signal).finally(() => {
        expected -= 1;
      });
      const since = performance.now();
      const entry: Waiting = { ...ask, how, since, signal, settle: Promise.withResolvers() };
      waiting.push(entry);
      gather();
      try {
        return await raceAbort(entry.settle.promise, signal);
      } finally {
        remove(entry);
      }
    },
    count: async (messages, prefill) => (await childOf(0)).count(messages, prefill),
    close: async () => {
      clearTimeout(gathering);
      await given.close();
    },
  };
};
