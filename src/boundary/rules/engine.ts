// SPDX-License-Identifier: GPL-3.0-only
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../data/message-of.ts';
import { UserError } from '../../data/user-error.ts';
import type { CallRuling } from '../verifier.ts';
import { type Fact, rowsOf } from './facts.ts';
import type { FromRules, RuleSets, ToRules } from './messages.ts';

/** Rules that answer. */
export type RuleEngine = {
  /** What the rules say of a call or a patch; whatever goes wrong denies. */
  readonly judge: (facts: readonly Fact[]) => Promise<CallRuling>;
  /** How that follows, a line for each step. */
  readonly explain: (facts: readonly Fact[]) => Promise<readonly string[]>;
  /** @throws UserError for the first thing that is not a rule. */
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What hangs is killed after this long; loaded machines are slow. */
const patienceMs = 20_000;
const patienceToStart = 120_000;
const mostTogether = 64;

/** Starts Prolog when it is first asked, and again after what had to be killed. */
export const openRuleEngine = (
  setsOf: () => Promise<RuleSets>,
  patience = patienceMs,
): RuleEngine => {
  let started: Promise<Thread> | undefined;
  const thread = async (): Promise<Thread> => {
    started ??= setsOf().then((sets) => threadOf(sets, patience));
    const running = await started;
    if (!running.ended()) return running;
    started = undefined;
    return thread();
  };
  const ask = async (goal: ToRules['goal'], facts: readonly Fact[]) =>
    (await thread()).ask(goal, rowsOf(facts));
  return {
    judge: async (facts) => {
      try {
        return rulingOf(await ask('judge', facts));
      } catch (error) {
        const reason = `The rules could not be asked: ${messageOf(error)}`;
        return { allow: false, rule: 'error', reason, place: 'rules' };
      }
    },
    explain: async (facts) => (await ask('explain', facts)).split('\n').filter(Boolean),
    check: async () => (await thread()).ready,
    close: async () => (await started)?.close(),
  };
};

type Thread = {
  /** @throws UserError where a rule is not one. */
  readonly ready: Promise<void>;
  readonly ask: (goal: ToRules['goal'], facts: string) => Promise<string>;
  readonly ended: () => boolean;
  readonly close: () => Promise<void>;
};

/** Threads whose rules all ship: whoever asks in this process shares them, and they end with it. */
const shared = new Map<string, Thread>();

const threadOf = (sets: RuleSets, patience: number): Thread => {
  // A repository's own rules may hang, which is in nobody else's way.
  if (sets.own.length > 0) return startThread(sets, patience);
  const key = JSON.stringify([sets.shipped, patience]);
  const running = shared.get(key);
  if (running && !running.ended()) return running;
  const thread = { ...startThread(sets, patience), close: async () => {} };
  shared.set(key, thread);
  return thread;
};

type Question = PromiseWithResolvers<string> & Pick<ToRules, 'goal'> & { readonly facts: string };

/**
 * A thread with Prolog. What is asked while it works is sent together, since a message costs as much as a
 * ruling; whoever waits for one that is killed gets an error.
 */
const startThread = (sets: RuleSets, patience: number): Thread => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: sets, env: {} });
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  const waiting: Question[] = [];
  let sent: readonly Question[] = [];
  let ended = false;
  const end = (error: Error): void => {
    ended = true;
    clearTimeout(timer);
    ready.reject(error);
    for (const { reject } of [...sent, ...waiting.splice(0)]) reject(error);
    worker.terminate();
  };
  const hangs = (): void => end(new Error(`they gave no answer within ${patience} ms`));
  let timer = setTimeout(hangs, patienceToStart);
  const send = (): void => {
    const [first] = waiting;
    if (!first || sent.length > 0 || ended) return;
    const other = waiting.findIndex(({ goal }) => goal !== first.goal);
    sent = waiting.splice(0, other === -1 ? mostTogether : Math.min(other, mostTogether));
    worker.ref();
    timer = setTimeout(hangs, patience);
    const facts = sent.map((question) => question.facts);
    worker.postMessage({ goal: first.goal, facts } satisfies ToRules);
  };
  worker.on('message', (message: FromRules) => {
    clearTimeout(timer);
    worker.unref();
    if (message.type === 'answers') {
      for (const [index, { resolve }] of sent.entries()) resolve(message.answers[index] ?? '');
      sent = [];
    } else if (message.fault === '') ready.resolve();
    else ready.reject(faultOf(message.fault));
    send();
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('their thread has ended')));
  return {
    ready: ready.promise,
    ended: () => ended,
    ask: async (goal, facts) => {
      await ready.promise;
      const question = { ...Promise.withResolvers<string>(), goal, facts };
      if (ended) throw new Error('their thread has ended');
      waiting.push(question);
      send();
      return question.promise;
    },
    close: async () => {
      await worker.terminate();
    },
  };
};

/** Fields of a row, as the kernel writes them. */
const fieldsOf = (row: string): readonly string[] => row.split('\u0001');

const rulingOf = (answer: string): CallRuling => {
  const [what, rule = '', reason = '', file = '', line = ''] = fieldsOf(answer);
  return what === 'allow'
    ? { allow: true }
    : { allow: false, rule, reason, place: line === '' ? file : `${file}:${line}` };
};

const faultOf = (fault: string): UserError => {
  const [file = '', line = '', why = ''] = fieldsOf(fault);
  return new UserError(`${why}. ${ruleAdvice}`, { place: { file, line: Number(line) } });
};

/** What ends in `.pl` may be Perl, or a program in Prolog, that was there long before. */
const ruleAdvice =
  'Write it as docs/rules.md says; where the folder is not for Pantheon, let "rules" in pantheon.yaml name another, or be false';
