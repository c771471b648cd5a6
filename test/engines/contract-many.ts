// SPDX-License-Identifier: GPL-3.0-only
import { type CompletionRequest, EngineFault } from '../../src/engine/contract/engine.ts';
import { conforms } from './contract-judge.ts';
import { envelope, messages } from './contract-requests.ts';
import type { Suite } from './contract-suite.ts';
import { askEnvelopes, tellCounts } from './envelopes.ts';

/** What an engine answers when it is asked much, and with an adapter. */
export const answersMany = ({
  contract: given,
  patience,
  engine,
  request,
  part,
  always,
}: Suite): void => {
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
    console.log(tellCounts(given.name, counts));
    t.is(counts.schemaErrors, 0, counts.firstError);
    t.true(counts.cut < counts.asked / 10, `${counts.cut} of ${counts.asked} were cut`);
  });

  part(given.adapter, 'switches adapters', async (t, adapter) => {
    const ask = async (asked = engine(), more: Partial<CompletionRequest> = {}) => {
      const texts = [];
      for (const seed of [1, 2, 3]) {
        texts.push((await asked.complete(request({ seed, temperature: 1, ...more }))).text);
      }
      return texts.join('\n');
    };
    const plain = await ask();
    if ('openAdapted' in adapter) {
      const adapted = await adapter.openAdapted();
      t.not(await ask(adapted), plain, 'the adapter changes the answers');
      t.not(
        (await adapted.probe()).identity.modelDigest,
        (await engine().probe()).identity.modelDigest,
      );
      await adapted.close();
      t.is(await ask(), plain, 'without it all is as before');
      return;
    }
    const { name, path } = adapter;
    if (path !== undefined) {
      await t.throwsAsync(engine().complete(request({ adapter: name })), {
        instanceOf: EngineFault,
      });
      await engine().loadAdapter!(name, path);
    }
    t.not(await ask(engine(), { adapter: name }), plain, 'the adapter changes the answers');
    t.is(await ask(), plain, 'without it all is as before');
    if (path !== undefined) await engine().unloadAdapter?.(name);
  });
};
