// SPDX-License-Identifier: GPL-3.0-only
import { parentPort, workerData } from 'node:worker_threads';
import { startKernel } from './kernel.ts';
import type { FromRules, RuleSets, ToRules } from './messages.ts';

/* Prolog in a thread of its own, so that it can be killed. */

const tell = (message: FromRules): void => parentPort?.postMessage(message);

const { load, ask } = await startKernel();
tell({ type: 'ready', fault: load(workerData as RuleSets) });
parentPort?.on('message', (question: ToRules) => tell({ type: 'answers', answers: ask(question) }));
