// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import { drainOutbox } from '../../src/forge/drain-outbox.ts';
import type { CommentIntent, ForgeIntent } from '../../src/forge/intent.ts';
import { putIntent, readOutbox } from '../../src/forge/outbox.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const comment = (body: string): CommentIntent => ({
  kind: 'comment',
  issue: 1,
  key: 'red-bin',
  body,
  mode: 'write',
});

const bodyOf = (intent: ForgeIntent): string | undefined =>
  intent.kind === 'comment' ? intent.body : undefined;

test('what is asked for meanwhile is sent after it, in order', async (t) => {
  const folder = join(temporaryFolder(t), 'outbox');
  await putIntent(folder, comment('first'));
  const sent: (string | undefined)[] = [];
  const send = async ({ intent }: { readonly intent: ForgeIntent }) => {
    sent.push(bodyOf(intent));
    if (sent.length > 1) return;
    await putIntent(folder, comment('second'));
    await putIntent(folder, comment('third'));
  };
  const drain = () => drainOutbox({ folder, send, say: () => {} });
  await drain();
  t.deepEqual(sent, ['first']);
  await drain();
  t.deepEqual(sent, ['first', 'second', 'third']);
  t.deepEqual(await readOutbox(folder), []);
});

test('two that send at once send each thing once', async (t) => {
  const folder = join(temporaryFolder(t), 'outbox');
  for (const key of ['a', 'b', 'c']) await putIntent(folder, { ...comment(key), key });
  const sent: (string | undefined)[] = [];
  const send = async ({ intent }: { readonly intent: ForgeIntent }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    sent.push(bodyOf(intent));
  };
  const once = () => drainOutbox({ folder, send, say: () => {} });
  await Promise.all([once(), once(), once()]);
  await once();
  t.deepEqual(sent, ['a', 'b', 'c']);
});
