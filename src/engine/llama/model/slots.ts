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
import { type Batches, createBatches, rankOf } from './batch-order.ts';
import type { Prompt } from './prompt-tokens.ts';

/** A slot's sequence in one context. */
export type Place = {
  readonly sequence: LlamaContextSequence;
  readonly rank: EvaluationPriority;
  readonly whileWriting: Batches['whileWriting'];
};

/** Contexts of one process: one without an adapter, one for each adapter, slots in each. */
export type Slots = {
  /** Makes sure that there is a context with this adapter. @throws when it does not fit the model. */
  readonly load: (adapter: string | undefined) => Promise<void>;
  readonly forget: (adapter: string) => Promise<void>;
  readonly place: (slot: number, adapter: string | undefined) => Promise<Place>;
  /**
   * Leaves in the sequence what it holds of the prompt, and evaluates the rest but its last tokens.
   * Returns how many tokens were served from what had been evaluated before, and the tokens left.
   */
  readonly prepare: (
    place: Place,
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

export const createSlots = (options: {
  readonly model: LlamaModel;
  readonly slots: number;
  readonly threads: number;
  readonly contextTokens: number;
  readonly folder: string;
  /** Of the key-value cache. */
  readonly bytesPerToken: number;
}): Slots => {
  type Held = { readonly context: LlamaContext; readonly places: readonly Place[] };
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
  const held = (adapter: string | undefined): Promise<Held> => {
    const key = adapter ?? '';
    const known = contexts.get(key);
    if (known) return known;
    const opened = open(adapter);
    contexts.set(key, opened);
    opened.catch(() => contexts.delete(key));
    return opened;
  };

  const evaluate = async (
    { sequence, rank }: Place,
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
    const known = states.get(file);
    if (known) return known;
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
    place: Place,
    { tokens, locked }: Prompt,
    given: Parameters<Slots['prepare']>[2],
  ): Promise<number> => {
    const { sequence } = place;
    await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
    const held = sequence.nextTokenIndex;
    if (locked < leastLocked || held >= locked - leastLocked) return held;
    const beginning = tokens.slice(0, locked);
    let mine = false;
    try {
      const file = await stateOf(beginning, given.adapter, async () => {
        mine = true;
        await evaluate(place, beginning.slice(held), given);
        return sequence;
      });
      if (mine || file === undefined) return held;
      await sequence.loadStateFromFile(file, { acceptRisk: true });
      return sequence.nextTokenIndex;
    } catch (error) {
      // Whoever was to write it may have been stopped; this one can do without.
      if (mine) throw error;
      return held;
    }
  };

  return {
    load: async (adapter) => void (await held(adapter)),
    forget: async (adapter) => {
      const known = contexts.get(adapter);
      contexts.delete(adapter);
      await (await known?.catch(() => undefined))?.context.dispose();
    },
    place: async (slot, adapter) => {
      const place = (await held(adapter)).places[slot];
      if (!place) throw new Error(`there is no slot ${slot}`);
      return place;
    },
    prepare: async (place, prompt, given) => {
      const cached = await begin(place, prompt, given);
      const left = prompt.tokens.slice(place.sequence.nextTokenIndex);
      const first = Math.max(0, left.length - batchTokens);
      await evaluate(place, left.slice(0, first), given);
      return { cached, left: left.slice(first) };
    },
  };
};

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
