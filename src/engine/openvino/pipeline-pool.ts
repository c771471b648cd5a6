// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import { createShares } from '../local/pool-shares.ts';
import { openProcesses, type Processes, type Waiter } from '../local/processes.ts';
import { raceAbort } from '../local/waits.ts';
import { nextBatch, type WritingStyle } from './next-batch.ts';
import type {
  BegunPrompt,
  PipelineAnswer,
  PipelineCalls,
  PipelineFacts,
  PipelineOpening,
} from './pipeline-calls.ts';
import { startPipeline } from './start-pipeline.ts';

type PipelinePoolSettings = PipelineOpening & {
  readonly processes: number;
  /** Of all processes together. */
  readonly slots: number;
};

/** Processes that have one model; what waits is answered in batches. */
export type PipelinePool = {
  readonly facts: PipelineFacts;
  /** Waits for its batch. `onStart` is called when that begins. */
  readonly ask: (request: PipelineRequest, signal: AbortSignal) => Promise<PipelineAnswer>;
  readonly count: (prompt: BegunPrompt) => Promise<number>;
  readonly close: () => Promise<void>;
};

export type PipelineRequest = BegunPrompt &
  Pick<Waiter<PipelineAnswer>, 'idleTimeoutMs' | 'onStart' | 'onProgress'> & {
    /** Worked out first; what others work out meanwhile may join the same batch. */
    readonly style: () => Promise<WritingStyle>;
  };

type WaitingPrompt = BegunPrompt &
  Waiter<PipelineAnswer> & {
    readonly style: WritingStyle;
    /** When it began to wait, as `performance.now()` counts. */
    readonly since: number;
  };

/** Loads the model in as many processes as the settings say. @throws EngineFault. */
export const openPipelinePool = async (
  settings: PipelinePoolSettings,
  setting: string,
): Promise<PipelinePool> => {
  const { processes: amount, slots, threads, ...opening } = settings;
  // Without a word OpenVINO takes all cores, in each of the processes.
  const share = Math.max(1, Math.floor(availableParallelism() / amount));
  const asked = { ...opening, threads: threads ?? (amount > 1 ? share : undefined) };
  const processes = await openProcesses({
    setting,
    start: () => startPipeline(settings, setting),
    openFirst: async (child) => ({
      facts: await child.call('open', asked).done,
      processes: amount,
    }),
    openOther: (child) => child.call('open', asked).done,
    endSilent: true,
  });
  return createPool(processes, processes.first.facts, Math.ceil(slots / amount));
};

/** How long what comes is gathered before a batch begins, as a share of how long the last one took. */
const gatherShare = 0.05;
const gatherMs = { least: 2, most: 250 } as const;

/** `most`: prompts of one batch. */
const createPool = (
  processes: Processes<PipelineCalls>,
  facts: PipelineFacts,
  most: number,
): PipelinePool => {
  const waiting: WaitingPrompt[] = [];
  const busy = new Set<number>();
  let gathering: NodeJS.Timeout | undefined;
  /** How many are about to wait. */
  let expected = 0;
  let lastMs = 0;

  const remove = (prompt: WaitingPrompt): void => {
    const place = waiting.indexOf(prompt);
    if (place >= 0) waiting.splice(place, 1);
  };

  /** A batch cannot be joined once it began, so that a little waiting fills it. */
  const gather = (): void => {
    if (waiting.length === 0 || busy.size === processes.all.length) return;
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
    for (const index of processes.all.keys()) {
      if (busy.has(index)) continue;
      const batch = nextBatch(waiting, most);
      if (batch.length === 0) return;
      for (const prompt of batch) remove(prompt);
      busy.add(index);
      void answerBatch(index, batch).then(() => {
        busy.delete(index);
        gather();
      });
    }
  };

  const answerBatch = async (index: number, batch: readonly WaitingPrompt[]): Promise<void> => {
    const start = performance.now();
    await processes.answer<PipelineAnswer, WaitingPrompt>(
      index,
      batch,
      (child, wanted, onProgress) => {
        const { seed = Math.floor(Math.random() * 2 ** 31), ...style } = batch[0]!.style;
        const prompts = wanted.map(({ messages, prefill }) => ({ messages, prefill }));
        return child.call('answer', { prompts, ...style, seed }, onProgress);
      },
    );
    lastMs = performance.now() - start;
  };

  return {
    facts,
    ask: async ({ style: workOut, ...request }, signal) => {
      signal.throwIfAborted();
      expected += 1;
      const style = await raceAbort(workOut(), signal).finally(() => {
        expected -= 1;
      });
      const settle = Promise.withResolvers<PipelineAnswer>();
      const prompt = { ...request, style, since: performance.now(), signal, settle };
      waiting.push(prompt);
      gather();
      try {
        return await raceAbort(settle.promise, signal);
      } finally {
        remove(prompt);
      }
    },
    count: async (prompt) => (await processes.at(0)).call('count', prompt).done,
    close: async () => {
      clearTimeout(gathering);
      await processes.close();
    },
  };
};

/** A share of the pool with these settings; nothing is loaded yet. */
export const sharePipelinePool = createShares(openPipelinePool);
