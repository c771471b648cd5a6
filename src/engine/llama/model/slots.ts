// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  EvaluationPriority,
  LlamaContext,
  LlamaContextSequence,
  LlamaModel,
  Token,
} from 'node-llama-cpp';
import { makeOnce } from '../../../data/make-once.ts';
import { type Batches, createBatches, rankOf } from './batch-order.ts';
import type { Prompt } from './prompt-tokens.ts';

/** A slot's sequence in one context. */
export type SlotPlace = {
  readonly sequence: LlamaContextSequence;
  readonly rank: EvaluationPriority;
  readonly whileWriting: Batches['whileWriting'];
};

/** Contexts of one process: one without an adapter, one for each adapter, slots in each. */
export type Slots = {
  /** Makes sure that there is a context with this adapter. @throws when it does not fit the model. */
  readonly load: (adapter: string | undefined) => Promise<void>;
  readonly forget: (adapter: string) => Promise<void>;
  readonly place: (slot: number, adapter: string | undefined) => Promise<SlotPlace>;
  /**
   * Leaves in the sequence what it has of the prompt, and evaluates the rest but its last tokens.
   * Returns how many tokens were served from what had been evaluated before, and the tokens left.
   */
  readonly prepare: (
    place: SlotPlace,
    prompt: Prompt,
    options: {
      readonly adapter: string | undefined;
      readonly signal: AbortSignal;
      readonly onProgress: () => void;
    },
  ) => Promise<{ readonly cached: number; readonly left: readonly Token[] }>;
};

/** Tokens evaluated in one go; between two of them the caller hears of progress and can stop. */
const batchTokens = 512;
/** A shorter beginning is evaluated faster than it is read from a file. */
const leastLocked = 128;
/** All the kept beginnings together [bytes]. */
const maxStates = 2 ** 30;

/** Opens the sequences of one context, each of which writes one answer at a time. */
export const createSlots = (options: {
  readonly model: LlamaModel;
  readonly slots: number;
  readonly threads: number;
  readonly contextTokens: number;
  readonly folder: string;
  /** Of the key-value cache. */
  readonly bytesPerToken: number;
}): Slots => {
  type Held = { readonly context: LlamaContext; readonly places: readonly SlotPlace[] };
  const contexts = new Map<string, Promise<Held>>();
  const states = new Map<string, Promise<string>>();
  let kept = 0;

  const open = async (adapter: string | undefined): Promise<Held> => {
    const { strategy, whileWriting } = createBatches();
    const context = await options.model.createContext({
      contextSize: options.contextTokens,
      sequences: options.slots,
      threads: options.threads,
      batchSize: batchTokens,
      swaFullCache: true,
      failedCreationRemedy: false,
      batching: { itemPrioritizationStrategy: strategy },
      ...(adapter !== undefined && { lora: { adapters: [{ filePath: adapter, scale: 1 }] } }),
    });
    const places = Array.from({ length: options.slots }, (_, slot) => ({
      sequence: context.getSequence(),
      rank: rankOf(slot),
      whileWriting,
    }));
    return { context, places };
  };
  const contextFor = (adapter: string | undefined): Promise<Held> => {
    const key = adapter ?? '';
    const opened = makeOnce(contexts, key, () => open(adapter));
    opened.catch(() => contexts.delete(key));
    return opened;
  };

  const evaluate = async (
    { sequence, rank }: SlotPlace,
    tokens: readonly Token[],
    { signal, onProgress }: Parameters<Slots['prepare']>[2],
  ): Promise<void> => {
    for (let from = 0; from < tokens.length; from += batchTokens) {
      signal.throwIfAborted();
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, from + batchTokens), {
        evaluationPriority: rank,
      });
      onProgress();
    }
  };

  /** The file with the state after the locked tokens; whoever comes first writes it. */
  const stateOf = async (
    tokens: readonly Token[],
    adapter: string | undefined,
    write: () => Promise<LlamaContextSequence>,
  ): Promise<string | undefined> => {
    const hash = createHash('sha256')
      .update(adapter ?? '')
      .update('\n')
      .update(tokens.join(' '));
    const file = join(options.folder, `${hash.digest('hex')}.state`);
    const writing = states.get(file);
    if (writing) return writing;
    const size = tokens.length * options.bytesPerToken;
    if (kept + size > maxStates) return undefined;
    kept += size;
    const made = (async () => {
      if (await exists(file)) return file;
      const sequence = await write();
      const draft = `${file}.${process.pid}`;
      await sequence.saveStateToFile(draft);
      await rename(draft, file);
      return file;
    })();
    states.set(file, made);
    made.catch(() => {
      states.delete(file);
      kept -= size;
    });
    return made;
  };

  /** Gives the sequence the locked beginning; returns how many of its tokens were not evaluated. */
  const begin = async (
    place: SlotPlace,
    { tokens, locked }: Prompt,
    call: Parameters<Slots['prepare']>[2],
  ): Promise<number> => {
    const { sequence } = place;
    await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
    const evaluated = sequence.nextTokenIndex;
    if (locked < leastLocked || evaluated >= locked - leastLocked) return evaluated;
    const beginning = tokens.slice(0, locked);
    let mine = false;
    try {
      const file = await stateOf(beginning, call.adapter, async () => {
        mine = true;
        await evaluate(place, beginning.slice(evaluated), call);
        return sequence;
      });
      if (mine || file === undefined) return evaluated;
      await sequence.loadStateFromFile(file, { acceptRisk: true });
      return sequence.nextTokenIndex;
    } catch (error) {
      // Whoever was to write it may have been stopped; this one can do without.
      if (mine) throw error;
      return evaluated;
    }
  };

  return {
    load: async (adapter) => void (await contextFor(adapter)),
    forget: async (adapter) => {
      const opening = contexts.get(adapter);
      contexts.delete(adapter);
      await (await opening?.catch(() => undefined))?.context.dispose();
    },
    place: async (slot, adapter) => {
      const place = (await contextFor(adapter)).places[slot];
      if (!place) throw new Error(`there is no slot ${slot}`);
      return place;
    },
    prepare: async (place, prompt, preparing) => {
      const cached = await begin(place, prompt, preparing);
      const left = prompt.tokens.slice(place.sequence.nextTokenIndex);
      const first = Math.max(0, left.length - batchTokens);
      await evaluate(place, left.slice(0, first), preparing);
      return { cached, left: left.slice(first) };
    },
  };
};

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
