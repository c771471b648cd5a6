// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { CompletionRequest, Engine } from '../../src/engine/contract/engine.ts';
import { answersAlone } from './contract-answers.ts';
import { survivesFaults } from './contract-faults.ts';
import { answersMany } from './contract-many.ts';
import { envelope, messages } from './contract-requests.ts';
import type { Contract, Suite } from './contract-suite.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** Registers the whole suite for one engine with AVA; call it once in a test file. */
export const contract = (options: Contract): void => {
  const { name, skip, patience = 120_000 } = options;
  if (skip !== undefined) {
    test.skip(`${name}: the contract (${skip})`, () => {});
    return;
  }
  const opened: { engine?: Engine; folder?: string; proxy?: FaultProxy; behind?: Engine } = {};
  const engine = (): Engine => opened.engine!;
  const request = (more: Partial<CompletionRequest> = {}): CompletionRequest => ({
    messages,
    schema: envelope,
    maxTokens: 200,
    idleTimeoutMs: patience,
    temperature: 0,
    signal: AbortSignal.timeout(patience),
    ...more,
  });
  const part: Suite['part'] = (needed, title, run) => {
    if (typeof needed === 'string') test.skip(`${name}: ${title} (${needed})`, () => {});
    else test.serial(`${name}: ${title}`, async (t) => run(t, needed));
  };
  const suite: Suite = {
    contract: options,
    patience,
    engine,
    behind: () => ({ engine: opened.behind!, proxy: opened.proxy! }),
    request,
    part,
    always: (title, run) => part(true, title, run),
  };

  test.before(async (t) => {
    t.timeout(600_000);
    await options.start?.();
    opened.engine = await options.open();
    opened.folder = await mkdtemp(join(tmpdir(), 'pantheon-engine-'));
    if (typeof options.server === 'string') return;
    opened.proxy = await startFaultProxy(options.server.address(), opened.folder);
    opened.behind = await options.server.openAt(opened.proxy.address);
  });
  test.after.always(async (t) => {
    t.timeout(120_000);
    await opened.behind?.close();
    await opened.engine?.close();
    await opened.proxy?.close();
    await options.stop?.();
    if (opened.folder) await rm(opened.folder, { recursive: true, force: true });
  });

  answersAlone(suite);
  answersMany(suite);
  survivesFaults(suite);
};
