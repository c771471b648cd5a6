// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import {
  BusyFault,
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
  type Message,
} from '../../src/engine/engine.ts';
import { askEnvelopes, tellCounts, withoutLowered } from './envelopes.ts';
import { type Address, type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A server the contract may kill and start again. */
export type ContractServer = {
  /** Where it listens, for a proxy in front of it. */
  readonly address: () => Address;
  /** Ends it at once (SIGKILL). */
  readonly kill: () => Promise<void>;
  /** Resolves when it answers again, at the same address. */
  readonly start: () => Promise<void>;
  /** The same engine, reached through another address. */
  readonly openAt: (address: Address) => Promise<Engine>;
};

export type ContractAdapter = {
  readonly name: string;
  /** For `loadAdapter`; left out where the adapter is there already. */
  readonly path?: string;
};

/** A text in place of a part says why the engine has no such thing: those tests are skipped with it. */
export type Contract = {
  readonly name: string;
  /** Why this engine cannot run here: the whole suite is skipped. */
  readonly skip?: string | undefined;
  /** Why this engine does not run although it should: the whole suite fails. */
  readonly broken?: string | undefined;
  /** Before everything: start the server, if there is one. */
  readonly start?: () => Promise<void>;
  /** After everything, also after failures. */
  readonly stop?: () => Promise<void>;
  readonly open: () => Promise<Engine>;
  /** Tokens its context holds; the probe must say the same. */
  readonly contextTokens: number;
  readonly server: ContractServer | string;
  readonly adapter: ContractAdapter | string;
  /** `estimate`: it has no tokenizer to ask, and counts no less than the prompt holds. */
  readonly counts: 'exact' | 'estimate';
  /** Whether a seed above temperature 0 repeats an answer. */
  readonly seeds: true | string;
  /** For one answer on a busy machine [ms]; default: 120,000. */
  readonly patience?: number;
};

type Schema = CompletionRequest['schema'];

const tool = (name: string, args: Schema): Schema => ({
  type: 'object',
  properties: { type: { const: 'tool' }, name: { const: name }, args },
  required: ['type', 'name', 'args'],
  additionalProperties: false,
});

/** Of the form an agent's protocol has: a union of tool calls and the final answer. */
export const envelope: Schema = {
  oneOf: [
    tool('read_file', {
      type: 'object',
      properties: { path: { type: 'string', minLength: 1, maxLength: 24 } },
      required: ['path'],
      additionalProperties: false,
    }),
    {
      type: 'object',
      properties: {
        type: { const: 'final' },
        output: {
          type: 'object',
          properties: {
            status: { type: 'string', enum: ['ok', 'fail'] },
            notes: { type: 'string', maxLength: 24 },
          },
          required: ['status', 'notes'],
          additionalProperties: false,
        },
      },
      required: ['type', 'output'],
      additionalProperties: false,
    },
  ],
};

const forced = (values: Readonly<Record<string, string>>): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { const: value }]),
  ),
  required: Object.keys(values),
  additionalProperties: false,
});

const unicode = { say: 'Grüße, 漢字, 🦉 and "quotes" \\ \u0001\n\ttabs' };

const long = Object.fromEntries(
  Array.from({ length: 24 }, (_, index) => [`k${index}`, `word number ${index}`]),
);

/** Much room for blanks: numbers, lists and nesting, nothing of it forced. */
const airy: Schema = {
  type: 'object',
  properties: {
    list: { type: 'array', items: { type: 'boolean' }, minItems: 2, maxItems: 4 },
    inner: {
      type: 'object',
      properties: { on: { type: 'boolean' }, kind: { enum: ['a', 'b', 'c'] } },
      required: ['on', 'kind'],
      additionalProperties: false,
    },
  },
  required: ['list', 'inner'],
  additionalProperties: false,
};

const messages: readonly Message[] = [
  { role: 'system', content: 'You work on notes. Answer with JSON.' },
  { role: 'user', content: 'input: {"path":"notes/owl.md","body":"# Owls\\n\\nÄ ö 漢 🦉"}' },
];

/** Registers the whole suite for one engine with AVA; call it once in a test file. */
export const contract = (given: Contract): void => {
  const { name, skip, patience = 120_000 } = given;
  if (skip !== undefined) {
    test.skip(`${name}: the contract (${skip})`, () => {});
    return;
  }
  if (given.broken !== undefined) {
    test(`${name}: the contract`, (t) => t.fail(given.broken));
    return;
  }
  const held: { engine?: Engine; folder?: string; proxy?: FaultProxy; behind?: Engine } = {};
  const engine = (): Engine => held.engine!;
  const request = (more: Partial<CompletionRequest> = {}): CompletionRequest => ({
    messages,
    schema: envelope,
    maxTokens: 200,
    idleTimeoutMs: patience,
    temperature: 0,
    signal: AbortSignal.timeout(patience),
    ...more,
  });
  /** A test, skipped with the text where there is one in place of what it needs. */
  const part = <T>(
    held: T | string,
    title: string,
    run: (t: ExecutionContext, held: T) => Promise<void>,
  ): void => {
    if (typeof held === 'string') test.skip(`${name}: ${title} (${held})`, () => {});
    else test.serial(`${name}: ${title}`, async (t) => run(t, held));
  };
  const always = (title: string, run: (t: ExecutionContext) => Promise<void>): void =>
    part(true, title, run);

  test.before(async (t) => {
    t.timeout(600_000);
    await given.start?.();
    held.engine = await given.open();
    held.folder = await mkdtemp(join(tmpdir(), 'pantheon-engine-'));
    if (typeof given.server === 'string') return;
    held.proxy = await startFaultProxy(given.server.address(), held.folder);
    held.behind = await given.server.openAt(held.proxy.address);
  });
  test.after.always(async (t) => {
    t.timeout(120_000);
    await held.behind?.close();
    await held.engine?.close();
    await held.proxy?.close();
    await given.stop?.();
    if (held.folder) await rm(held.folder, { recursive: true, force: true });
  });

  always('says what it is', async (t) => {
    const { identity, contextTokens, slots } = await engine().probe();
    t.is(identity.engine, name);
    t.regex(identity.modelDigest, /^(sha256:)?[0-9a-f]{64}$/);
    t.truthy(identity.version);
    t.is(contextTokens, given.contextTokens);
    t.true(Number.isInteger(slots) && slots >= 1);
    t.deepEqual((await engine().probe()).identity, identity);
  });

  always('holds an answer to the schema', async (t) => {
    for (const seed of [1, 2, 3, 4]) {
      const completion = await engine().complete(request({ seed, temperature: 1 }));
      conforms(t, completion, envelope);
      t.not(completion.constraint?.kind ?? 'none', 'none');
    }
  });

  always('answers in any alphabet', async (t) => {
    const completion = await engine().complete(request({ schema: forced(unicode) }));
    t.deepEqual(JSON.parse(completion.text), unicode);
  });

  always('answers at length', async (t) => {
    let pieces = 0;
    const completion = await engine().complete(
      request({
        schema: forced(long),
        maxTokens: 700,
        onProgress: () => {
          pieces += 1;
        },
      }),
    );
    t.deepEqual(JSON.parse(completion.text), long);
    t.is(completion.finish, 'stop');
    t.true(pieces > 1, 'it tells of its progress');
    t.true(completion.timing.firstToken <= completion.timing.total);
  });

  for (const prefill of ['<tool_call>\n', '{"say":"Gr']) {
    always(`begins with ${JSON.stringify(prefill)}, or says that it does not`, async (t) => {
      const completion = await engine().complete(request({ schema: forced(unicode), prefill }));
      const { text, constraint } = completion;
      const begins = !constraint?.lowered.includes(' prefill');
      t.log(begins ? `begins: ${text.slice(0, 40)}` : 'left out');
      const [before = ''] = begins ? (/^[^{]*/.exec(prefill) ?? []) : [];
      t.true(!begins || text.startsWith(prefill), text);
      t.deepEqual(JSON.parse(text.slice(before.length)), unicode);
    });
  }

  always('leaves no run of blanks in an answer', async (t) => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const completion = await engine().complete(request({ schema: airy, seed, temperature: 1 }));
      conforms(t, completion, airy);
      t.notRegex(completion.text, /\s{24}/, completion.text);
    }
  });

  always('tells that an answer was cut', async (t) => {
    const completion = await engine().complete(request({ schema: forced(long), maxTokens: 8 }));
    t.is(completion.finish, 'length');
    t.true(completion.usage.completion <= 8);
    t.throws(() => JSON.parse(completion.text));
  });

  always('counts what it used', async (t) => {
    const counted = await engine().countTokens(messages);
    const before = engine().stats();
    const { usage, text } = await engine().complete(request());
    if (given.counts === 'exact') t.is(usage.prompt, counted);
    else t.true(usage.prompt <= counted, `${usage.prompt} of at most ${counted}`);
    t.true(usage.cached >= 0 && usage.cached <= usage.prompt);
    t.true(usage.completion > 0 && usage.completion <= Buffer.byteLength(text) + 2);
    const after = engine().stats();
    t.is(after.requests, before.requests + 1);
    t.is(after.usage.prompt, before.usage.prompt + usage.prompt);
    const grown = [...messages, { role: 'assistant' as const, content: text }];
    t.true((await engine().countTokens(grown)) > counted);
  });

  part(given.seeds, 'repeats an answer by its seed', async (t) => {
    const ask = async (seed: number) =>
      (await engine().complete(request({ seed, temperature: 1.5 }))).text;
    const first = await ask(11);
    t.is(await ask(11), first);
    const others = [await ask(12), await ask(13), await ask(14), await ask(15)];
    t.true(
      others.some((other) => other !== first),
      'other seeds, other answers',
    );
  });

  always('refuses a prompt that does not fit, and cuts none', async (t) => {
    const content = 'The owl reads a note about the wood. '.repeat(given.contextTokens);
    const large = [...messages.slice(0, 1), { role: 'user' as const, content }];
    t.true((await engine().countTokens(large)) > given.contextTokens);
    const error = await t.throwsAsync(engine().complete(request({ messages: large })), {
      instanceOf: EngineFault,
    });
    t.regex(error.message, /context|token|long/i);
    t.false(error instanceof BusyFault, 'it would never fit');
    conforms(t, await engine().complete(request()), envelope);
  });

  always('stops when it is told to', async (t) => {
    const reason = new Error('enough');
    const stopped = AbortSignal.abort(reason);
    t.is(await t.throwsAsync(engine().complete(request({ signal: stopped }))), reason);
    const stop = new AbortController();
    const running = engine().complete(
      request({
        schema: forced(long),
        maxTokens: 700,
        signal: stop.signal,
        onProgress: () => stop.abort(reason),
      }),
    );
    t.is(await t.throwsAsync(running), reason);
    conforms(t, await engine().complete(request()), envelope);
  });

  always('answers two hundred at once', async (t) => {
    t.timeout(patience * 4);
    const signal = AbortSignal.timeout(patience * 4);
    const idleTimeoutMs = patience * 4;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        engine().complete(
          request({
            messages: [...messages, { role: 'user', content: `note ${index}` }],
            signal,
            idleTimeoutMs,
            seed: index,
            temperature: 1,
          }),
        ),
      ),
    );
    for (const answer of answers) conforms(t, answer, envelope);
  });

  always('holds two hundred envelopes of agents to what it says that it holds', async (t) => {
    t.timeout(patience * 4);
    const counts = await askEnvelopes(engine(), {
      amount: 200,
      atOnce: 16,
      agents: ['doc.frontmatter', 'review.peer', 'codegen.qwen8b'],
      maxTokens: 600,
      idleTimeoutMs: patience * 4,
      signal: AbortSignal.timeout(patience * 4),
    });
    console.log(tellCounts(name, counts));
    t.is(counts.schemaErrors, 0, counts.firstError);
    t.true(counts.cut < counts.asked / 10, `${counts.cut} of ${counts.asked} were cut`);
  });

  part(given.adapter, 'switches adapters', async (t, adapter) => {
    const ask = async (more: Partial<CompletionRequest> = {}) => {
      const texts = [];
      for (const seed of [1, 2, 3]) {
        texts.push((await engine().complete(request({ seed, temperature: 1, ...more }))).text);
      }
      return texts.join('\n');
    };
    const { name: adapterName, path } = adapter;
    const plain = await ask();
    if (path !== undefined) {
      await t.throwsAsync(engine().complete(request({ adapter: adapterName })), {
        instanceOf: EngineFault,
      });
      await engine().loadAdapter!(adapterName, path);
    }
    const adapted = await ask({ adapter: adapterName });
    t.not(adapted, plain, 'the adapter changes the answers');
    t.is(await ask(), plain, 'without it all is as before');
    if (path !== undefined) await engine().unloadAdapter?.(adapterName);
  });

  const spoiled = (
    title: string,
    fault: Fault,
    run: (t: ExecutionContext, behind: Engine, proxy: FaultProxy) => Promise<void>,
  ): void =>
    part(given.server, title, async (t) => {
      const { proxy, behind } = held;
      proxy!.set(fault);
      try {
        await run(t, behind!, proxy!);
      } finally {
        proxy!.set(undefined);
      }
      conforms(t, await behind!.complete(request()), envelope);
    });

  spoiled('reads an answer that comes byte by byte', 'drip', async (t, behind) => {
    const completion = await behind.complete(request({ schema: forced(unicode) }));
    t.deepEqual(JSON.parse(completion.text), unicode);
  });

  spoiled('gives up on a server that stops within an answer', 'stall', async (t, behind) => {
    const start = performance.now();
    const error = await fails(t, behind, request({ schema: forced(long), idleTimeoutMs: 1500 }));
    t.regex(error.message, /1[.,]?5(00)? ?m?s|idle|nothing/i);
    t.true(performance.now() - start < 30_000);
  });

  for (const fault of [
    'cut',
    'half',
    'headless',
    'garbage',
    'page',
    'wrong-shape',
    'endless',
    'broken',
    'redirect',
  ] as const) {
    spoiled(`takes no answer that is spoiled (${fault})`, fault, async (t, behind, proxy) => {
      const seen = proxy.seen();
      const error = await fails(t, behind, request({ schema: forced(long), maxTokens: 700 }));
      t.notRegex(error.message, /\p{Cc}/u, 'nothing that controls a terminal');
      t.true(error.message.length < 600);
      t.is(proxy.seen(), seen + 1, 'it does not try again by itself');
    });
  }

  for (const [fault, wait] of [
    ['busy', 1000],
    ['unavailable', undefined],
  ] as const) {
    spoiled(
      `says that the server is busy, and can be asked again (${fault})`,
      fault,
      async (t, behind, proxy) => {
        proxy.set(fault, 1);
        const error = await fails(t, behind, request());
        t.true(error instanceof BusyFault);
        t.is((error as BusyFault).retryAfterMs, wait);
        conforms(t, await behind.complete(request()), envelope);
      },
    );
  }

  part(given.server, 'survives its server', async (t, server) => {
    t.timeout(600_000);
    // On a machine that is busy enough the answer may be whole before anybody sees that it began.
    const killedWithin = async (): Promise<unknown> => {
      const killed = Promise.withResolvers<void>();
      const running = engine().complete(
        request({
          schema: forced(long),
          maxTokens: 700,
          onProgress: () => {
            server.kill().then(killed.resolve, killed.reject);
          },
        }),
      );
      const outcome = await running.then(
        () => undefined,
        (error: unknown) => error,
      );
      await killed.promise;
      return outcome;
    };
    try {
      let outcome = await killedWithin();
      for (let more = 2; more > 0 && outcome === undefined; more -= 1) {
        await server.start();
        outcome = await killedWithin();
      }
      t.true(outcome instanceof EngineFault, String(outcome));
      await sleep(200);
      await fails(t, engine(), request());
      await t.throwsAsync(engine().probe(), { instanceOf: EngineFault });
    } finally {
      await server.start();
    }
    conforms(t, await engine().complete(request()), envelope);
  });
};

const fails = async (
  t: ExecutionContext,
  engine: Engine,
  request: CompletionRequest,
): Promise<EngineFault> => {
  const before = engine.stats().failures;
  const error = await t.throwsAsync(engine.complete(request), { instanceOf: EngineFault });
  t.is(engine.stats().failures, before + 1);
  return error;
};

const conforms = (t: ExecutionContext, completion: Completion, schema: Schema): void => {
  const { text, finish, constraint } = completion;
  t.is(finish, 'stop', text);
  const held = withoutLowered(schema, constraint?.lowered ?? []);
  const read = z.fromJSONSchema(held as z.core.JSONSchema.JSONSchema).safeParse(JSON.parse(text));
  t.true(read.success, `${text}\n${read.error}`);
};
