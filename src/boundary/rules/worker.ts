// SPDX-License-Identifier: GPL-3.0-only
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { startKernel } from './kernel.ts';
import type { FromRules, RuleSets, ToRules } from './messages.ts';

/* Prolog in a thread of its own, so that it can be killed. */

const tell = (message: FromRules): void => parentPort?.postMessage(message);

// Optimised code costs more to make than a night of ten thousand calls gives back.
for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) {
  setFlagsFromString(flag);
}
const { load, ask } = await startKernel();
tell({ type: 'ready', fault: load(workerData as RuleSets) });
parentPort?.on('message', (question: ToRules) => tell({ type: 'answers', answers: ask(question) }));
