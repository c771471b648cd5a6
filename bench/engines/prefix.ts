// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeTinyModel } from '../../test/tiny-model/tiny-model.ts';
import { exampleConversations } from './prefix/example-night.ts';
import { naively, openReuse, type Reuse, render, stepsOf } from './prefix/reuse.ts';

const help = `node bench/engines/prefix.ts [--json]

How many prompt tokens of a real night over the examples a prefix cache can serve: with the locked
prompt (system, task, then results appended) and with the same words in the naive order (results
before the task). Tokens are those of the tests' tiny model, a BPE of 4,096 words; the cache keeps
blocks of 16 tokens and forgets nothing.`;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'pantheon-prefix-'));
try {
  const conversations = await exampleConversations(folder);
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({
    ...{ gpu: false, build: 'never', skipDownload: true, progressLogs: false },
    logLevel: LlamaLogLevel.error,
  });
  const { gguf } = writeTinyModel(join(folder, 'tiny'));
  const model = await llama.loadModel({ modelPath: gguf, vocabOnly: true });
  const tokens = (text: string): readonly number[] => model.tokenize(text, true);

  const orders = {
    locked: render,
    naive: (step: Parameters<typeof render>[0]) => render(naively(step)),
  };
  const measure = (write: (typeof orders)['locked']) => {
    const reuse = openReuse();
    const all: Reuse[] = [];
    const later: Reuse[] = [];
    for (const conversation of conversations) {
      for (const [index, step] of stepsOf(conversation).entries()) {
        const found = reuse(tokens(write(step)));
        all.push(found);
        if (index > 0) later.push(found);
      }
    }
    return { all: share(all), later: share(later), requests: all.length };
  };
  const share = (found: readonly Reuse[]) => {
    const prompt = found.reduce((sum, one) => sum + one.prompt, 0);
    const reusable = found.reduce((sum, one) => sum + one.reusable, 0);
    return { prompt, reusable, share: reusable / prompt };
  };
  const locked = measure(orders.locked);
  const naive = measure(orders.naive);
  await model.dispose();
  await llama.dispose();
  if (values.json) {
    console.log(JSON.stringify({ conversations: conversations.length, locked, naive }));
  } else {
    console.log(
      `${conversations.length} conversations of the example night, ${locked.requests} requests`,
    );
    for (const [name, { all, later }] of Object.entries({ locked, naive })) {
      console.log(
        `${name.padEnd(6)} order: ${all.reusable} of ${all.prompt} prompt tokens reusable (${all.share.toFixed(3)}); after a conversation's first step ${later.reusable} of ${later.prompt} (${later.share.toFixed(3)})`,
      );
    }
    const computed = (side: typeof locked): number => side.all.prompt - side.all.reusable;
    console.log(
      `tokens left to compute, locked over naive: ${(computed(locked) / computed(naive)).toFixed(3)} (goal below 1)`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
