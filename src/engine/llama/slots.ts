// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { Prompt } from './prompt-tokens.ts';

/** Contexts of one process: one without an adapter, one for each adapter, slots in each. */
export type Slots = {
  /** Makes sure that there is a context with this adapter. @throws when it does not fit the model. */
  readonly load: (adapter: string | undefined) => Promise<void>;
  readonly forget: (adapter: string) => Promise<void>;
  readonly sequence: (slot: number, adapter: string | undefined) => Promise<LlamaContextSequence>;
  /**
   * Leaves in the sequence what it holds of the prompt, and evaluates the rest but its last tokens.
   * Returns how many tokens were served from what had been evaluated before, and the tokens left.
   */
  readonly prepare: (
    sequence: LlamaContextSequence,
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
  type Held = { readonly context: LlamaContext; readonly sequences: LlamaContextSequence[] };
  const contexts = new Map<string, Promise<Held>>();
  const states = new Map<string, Promise<string>>();
  let kept = 0;

  const open = async (adapter: string | undefined): Promise<Held> => {
    const context = await options.model.createContext({
      contextSize: options.contextTokens,
      sequences: options.slots,
      threads: options.threads,
      batchSize: batchTokens,
      swaFullCache: true,
      failedCreationRemedy: false,
      ...(adapter !== undefined && { lora: { adapters: [{ filePath: adapter, scale: 1 }] } }),
    });
    const sequences = Array.from({ length: options.slots }, () => context.getSequence());
    return { context, sequences };
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
    sequence: LlamaContextSequence,
    tokens: readonly Token[],
    { signal, onProgress }: Parameters<Slots['prepare']>[2],
  ): Promise<void> => {
    for (let from = 0; from < tokens.length; from += batchTokens) {
      signal.throwIfAborted();
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(from, from + batchTokens));
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
    sequence: LlamaContextSequence,
    { tokens, locked }: Prompt,
    given: Parameters<Slots['prepare']>[2],
  ): Promise<number> => {
    await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
    const held = sequence.nextTokenIndex;
    if (locked < leastLocked || held >= locked - leastLocked) return held;
    const beginning = tokens.slice(0, locked);
    let mine = false;
    try {
      const file = await stateOf(beginning, given.adapter, async () => {
        mine = true;
        await evaluate(sequence, beginning.slice(held), given);
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
    sequence: async (slot, adapter) => {
      const sequence = (await held(adapter)).sequences[slot];
      if (!sequence) throw new Error(`there is no slot ${slot}`);
      return sequence;
    },
    prepare: async (sequence, prompt, given) => {
      const cached = await begin(sequence, prompt, given);
      const left = prompt.tokens.slice(sequence.nextTokenIndex);
      const first = Math.max(0, left.length - batchTokens);
      await evaluate(sequence, left.slice(0, first), given);
      return { cached, left: left.slice(first) };
    },
  };
};

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
