// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { Chores } from '../../chore/chores.ts';
import { digestOf } from '../../data/digest.ts';
import { moduleFile, moduleName } from '../../data/found-modules.ts';
import { pantheonVersion } from '../../data/installation.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { messageOf } from '../../data/message-of.ts';
import { UserError } from '../../data/user-error.ts';
import { idSchema } from '../../spec/schema.ts';
import {
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
  type Message,
} from '../contract/engine.ts';
import { raceAbort } from '../local/waits.ts';
import { importRules, type OpenRules } from './import-rules.ts';
import { codeDigest } from './rules-code.ts';
import { sourceDigests } from './source-digests.ts';
import type { Specialist } from './specialist.ts';

/** Rules have no window of their own; this bounds what one conversation may hold [tokens]. */
const contextTokens = 1_048_576;

const bytesPerToken = 4;

/** Rules have no tokenizer: a token stands for four bytes of UTF-8, plus four tokens a message. */
const tokensOf = memoiseByObject(
  ({ content }: Message) => Math.ceil(Buffer.byteLength(content) / bytesPerToken) + 4,
);

const countTokens = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + tokensOf(message), 0);

/** An engine whose answers come from a specialist written as rules, in this process. */
export const createRulesEngine = (
  { specialist, chores, digest, codeDigest }: LoadedSpecialist,
  slots = 16,
): Engine => {
  const complete = async (request: CompletionRequest): Promise<Completion> => {
    request.signal.throwIfAborted();
    const start = performance.now();
    const text = await raceAbort(ask(specialist, request, chores), request.signal);
    const answer = cut(text, request.maxTokens);
    const usage = {
      prompt: countTokens(request.messages),
      cached: 0,
      completion: Math.ceil(Buffer.byteLength(answer.text) / bytesPerToken),
    };
    const elapsed = performance.now() - start;
    return { ...answer, usage, timing: { firstToken: elapsed, total: elapsed } };
  };
  return {
    complete,
    probe: async () => ({
      identity: {
        engine: 'rules',
        origin: 'in-process',
        version: pantheonVersion,
        modelDigest: digest,
        codeDigest,
        temperature: 0,
      },
      contextTokens,
      slots,
    }),
    countTokens: async (messages) => countTokens(messages),
    close: async () => {},
  };
};

const ask = async (
  specialist: Specialist,
  { messages, signal }: CompletionRequest,
  chores: Chores,
): Promise<string> => {
  let text: unknown;
  try {
    text = await specialist(messages, chores, signal);
  } catch (cause) {
    signal.throwIfAborted();
    // A mistake in a repository's own chore says where it is.
    const said =
      cause instanceof UserError ? cause.message : `the rules failed: ${messageOf(cause)}`;
    throw new EngineFault(said, { cause });
  }
  if (typeof text !== 'string') throw new EngineFault('the rules answered with no text');
  return text;
};

const cut = (text: string, maxTokens: number): Pick<Completion, 'text' | 'finish'> => {
  const bytes = maxTokens * bytesPerToken;
  if (Buffer.byteLength(text) <= bytes) return { text, finish: 'stop' };
  const kept = Buffer.from(text).subarray(0, bytes);
  return {
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept, { stream: true }),
    finish: 'length',
  };
};

/** A specialist with what identifies it. */
export type LoadedSpecialist = {
  readonly specialist: Specialist;
  readonly chores: Chores;
  /** Same rules, same digest, whatever the file is called. */
  readonly digest: string;
  /** Of what the rules do, without comments and the like: two reviewers must differ in it. */
  readonly codeDigest: string;
};

/**
 * Opens `answer` of `<agent>/rules/<name>.ts`. The digest covers that file, every other module
 * in the `rules` folder, the chores and Pantheon's version. @throws UserError when there is no such specialist.
 */
export const loadSpecialist = async (
  agentFolder: string,
  chores: Chores,
  name = 'default',
  open: OpenRules = importRules,
): Promise<LoadedSpecialist> => {
  const folder = join(agentFolder, 'rules');
  const sources = await sourceDigests(folder);
  const entryFile = idSchema.safeParse(name).success ? moduleFile(sources, name) : undefined;
  if (entryFile === undefined) {
    const files = [...sources.keys()].filter((path) => !path.includes('/'));
    const names = files.map(moduleName).join(', ');
    throw new UserError(
      `has no rules specialist "${name}"; ${names ? `there is: ${names}` : `write rules/${name}.ts, or bind the agent to another engine in pantheon.yaml`}`,
      { place: { file: folder } },
    );
  }
  return {
    specialist: await open(join(folder, entryFile)),
    chores,
    digest: digestOf({
      version: pantheonVersion,
      chores: chores.digest,
      entry: sources.get(entryFile),
      sources: [...sources.values()].sort(),
    }),
    codeDigest: await codeDigest(folder, entryFile, new Set(sources.keys())),
  };
};
