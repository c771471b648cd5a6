// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { BusyFault, type Engine, EngineFault } from '../../src/engine/contract/engine.ts';
import { conforms, fails } from './contract-judge.ts';
import { envelope, forced, long, unicode } from './contract-requests.ts';
import type { Suite } from './contract-suite.ts';
import type { Fault, FaultProxy } from './fault-proxy.ts';

/** What an engine does when its server does wrong, or is gone. */
export const survivesFaults = ({ contract: given, engine, behind, request, part }: Suite): void => {
  const spoiled = (
    title: string,
    fault: Fault,
    run: (t: ExecutionContext, behind: Engine, proxy: FaultProxy) => Promise<void>,
  ): void =>
    part(given.server, title, async (t) => {
      const { proxy, engine: spoilt } = behind();
      proxy.set(fault);
      try {
        await run(t, spoilt, proxy);
      } finally {
        proxy.set(undefined);
      }
      conforms(t, await spoilt.complete(request()), envelope);
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
