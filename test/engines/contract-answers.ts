// SPDX-License-Identifier: GPL-3.0-only
import { BusyFault, EngineFault } from '../../src/engine/contract/engine.ts';
import { conforms } from './contract-judge.ts';
import { airy, envelope, forced, long, messages, unicode } from './contract-requests.ts';
import type { Suite } from './contract-suite.ts';

/** What an engine answers, one request at a time. */
export const answersAlone = ({ contract: given, engine, request, part, always }: Suite): void => {
  always('says what it is', async (t) => {
    const { identity, contextTokens, slots } = await engine().probe();
    t.is(identity.engine, given.name);
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

  always('writes what stands before an answer, or says that it does not', async (t) => {
    const prefill = '<tool_call>\n';
    const completion = await engine().complete(request({ schema: forced(unicode), prefill }));
    const { text, constraint } = completion;
    const before = constraint?.prefill === 'continued' ? prefill : '';
    t.log(before === '' ? 'left out' : `begins: ${text.slice(0, 40)}`);
    t.true(text.startsWith(before), text);
    t.deepEqual(JSON.parse(text.slice(before.length)), unicode);
  });

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
    const { usage, text } = await engine().complete(request());
    if (given.counts === 'exact') t.is(usage.prompt, counted);
    else t.true(usage.prompt <= counted, `${usage.prompt} of at most ${counted}`);
    t.true(usage.cached >= 0 && usage.cached <= usage.prompt);
    t.true(usage.completion > 0 && usage.completion <= Buffer.byteLength(text) + 2);
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
};
