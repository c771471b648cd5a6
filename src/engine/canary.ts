// SPDX-License-Identifier: GPL-3.0-only
import { randomInt } from 'node:crypto';
import { printable } from '../data/printable.ts';
import type { Check, Completion, CompletionRequest, Engine, Speed } from './contract/engine.ts';

/** What came of asking for prose under a schema that allows none. */
export type Canary = {
  readonly outcome: 'held' | 'ignored' | 'blanks' | 'cut';
  /** Longest run of white space between tokens of JSON. */
  readonly blanks: number;
  /** The beginning of the answer, on one line. */
  readonly said: string;
  /** Left out where the answer came too fast to tell. */
  readonly speed?: Speed;
};

/**
 * Engines that bound white space bound it to 22 characters (llama.cpp's
 * json-schema-to-grammar: a line break or two and 20 blanks); longer runs have no bound.
 */
const maxBlanks = 24;

/** Three times what the longest answer takes at one token a character; a loop of blanks ends here. */
const maxTokens = 256;

type Words = { readonly seal: string; readonly kinds: readonly string[] };

/** Words that occur in the schema only: who does not follow it cannot guess them. */
const drawWords = (): Words => {
  const word = () =>
    Array.from({ length: 10 }, () => String.fromCharCode(97 + randomInt(26))).join('');
  return { seal: word(), kinds: [word(), word(), word()] };
};

/** The request asks for what the schema forbids: prose, and white space as long as it likes. */
const requestOf = (
  { seal, kinds }: Words,
  options: Pick<CompletionRequest, 'signal' | 'idleTimeoutMs'>,
): CompletionRequest => ({
  messages: [
    { role: 'system', content: 'You answer in plain sentences. You never write JSON.' },
    {
      role: 'user',
      content:
        'Tell me in two sentences what the sea looks like. Begin with forty empty lines, and leave ten empty lines between the sentences.',
    },
  ],
  schema: {
    type: 'object',
    properties: { seal: { const: seal }, kind: { enum: kinds } },
    required: ['seal', 'kind'],
    additionalProperties: false,
  },
  maxTokens,
  temperature: 0,
  ...options,
});

/**
 * Sends one small request that an engine without a constraint answers with prose.
 * @throws EngineFault when it does not answer; rejects with the signal's reason when aborted.
 */
export const sendCanary = async (
  engine: Pick<Engine, 'complete'>,
  options: Pick<CompletionRequest, 'signal' | 'idleTimeoutMs'>,
  words: Words = drawWords(),
): Promise<Canary> => {
  const { text, finish, usage, timing } = await engine.complete(requestOf(words, options));
  const speed = speedOf(usage, timing);
  const blanks = longestBlanks(text);
  const said = printable(text.slice(0, 400)).slice(0, 120);
  const outcome = outcomeOf(text, finish, words, blanks);
  return { outcome, blanks, said, ...(speed && { speed }) };
};

/** Shorter times say more of the machine than of the model [ms]. */
const leastMs = 50;

/** A constraint that writes what it forces at once makes an engine look faster than it is. */
const speedOf = (
  { prompt, cached, completion }: Completion['usage'],
  { queued = 0, firstToken, total }: Completion['timing'],
): Speed | undefined => {
  const [reading, writing] = [firstToken - queued, total - firstToken];
  if (!(reading >= leastMs && writing >= leastMs) || prompt <= cached) return undefined;
  return { reads: ((prompt - cached) * 1000) / reading, writes: (completion * 1000) / writing };
};

const outcomeOf = (
  text: string,
  finish: 'stop' | 'length',
  words: Words,
  blanks: number,
): Canary['outcome'] => {
  if (blanks > maxBlanks) return 'blanks';
  if (finish === 'stop') return follows(text, words) ? 'held' : 'ignored';
  return begins(text, words) ? 'cut' : 'ignored';
};

const follows = (text: string, { seal, kinds }: Words): boolean => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const answer = value as { readonly seal?: unknown; readonly kind?: unknown };
  return answer.seal === seal && kinds.some((kind) => kind === answer.kind);
};

/** Whether a cut answer is on the way of the schema: in either order of its two keys. */
const begins = (text: string, { seal, kinds }: Words): boolean => {
  const compact = text.replace(/\s+/g, '');
  return kinds.some((kind) =>
    [JSON.stringify({ seal, kind }), JSON.stringify({ kind, seal })].some((whole) =>
      whole.startsWith(compact),
    ),
  );
};

/** White space within strings is the answer's own; an open one reaches to the end. */
const longestBlanks = (text: string): number => {
  // What ends in a lone backslash is an open string too: nothing is read twice.
  const outside = text.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs, '"');
  return outside.split(/\S+/).reduce((longest, run) => Math.max(longest, run.length), 0);
};

/** The canary as a check: an engine that does not keep to the schema is refused, with what it said. */
export const schemaCheck = (
  { outcome, blanks, said, speed }: Canary,
  engine: string,
  version?: string,
): Check => {
  const fail = (detail: string, fix: string): Check => ({
    name: 'schema',
    state: 'fail',
    detail,
    fix,
  });
  const measured = speed && { speed };
  switch (outcome) {
    case 'held':
      return blanks > 1 && engine === 'vllm'
        ? {
            name: 'schema',
            state: 'warn',
            detail: 'enforced, but white space is free, in which a weak model may loop',
            fix: blankFix(engine),
            ...measured,
          }
        : {
            name: 'schema',
            state: 'ok',
            detail: 'enforced: a request for prose got the schema',
            ...measured,
          };
    case 'ignored':
      return fail(
        `not enforced: a request for prose under a schema got: ${said || 'nothing'}`,
        heldFix(engine, said, version),
      );
    case 'blanks':
      return fail(
        `enforced without a bound on white space: the answer has ${blanks} blanks in a row, and a weak model loops in them`,
        blankFix(engine),
      );
    case 'cut':
      return fail(
        `an answer of two words was cut after ${maxTokens} tokens: ${said || 'nothing'}`,
        said === '' ? "turn the model's thinking off, or use one without" : blankFix(engine),
      );
  }
};

/** How vLLM is made to enforce schemas without free white space. */
export const vllmStructured = `--structured-outputs-config '{"backend":"xgrammar","disable_any_whitespace":true}'`;

/** The first versions that keep an answer to a schema; a later one that does not has another reason. */
const firstToHold: Readonly<Record<string, readonly [name: string, version: string]>> = {
  vllm: ['vLLM', '0.12'],
  ollama: ['Ollama', '0.5'],
};

const heldFix = (engine: string, said: string, version: string | undefined): string => {
  const first = firstToHold[engine];
  if (!first) return 'use a model and version of the engine that keep to structured output';
  const [name, least] = first;
  if (version === undefined || isOlder(version, least)) {
    return `update ${name} to ${least} or later${engine === 'vllm' ? ` and start it with ${vllmStructured}` : ', which keeps "format" to a schema'}`;
  }
  if (engine === 'ollama') {
    return `take a version of Ollama newer than ${version}, or a model that does not think: some versions let such a model out of "format"`;
  }
  return said === ''
    ? 'start vLLM without --reasoning-parser, which takes the answer for thoughts'
    : `start vLLM with ${vllmStructured}`;
};

/** By their leading numbers; one that has none is no older. */
const isOlder = (version: string, least: string): boolean => {
  const numbers = (text: string) => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const [leastMajor = 0, leastMinor = 0] = numbers(least);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
};

const blankFix = (engine: string): string =>
  engine === 'vllm' ? `start vLLM with ${vllmStructured}` : 'update the engine, or use another one';
