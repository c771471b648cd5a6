// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import startProlog from 'swipl-wasm/dist/swipl-node.js';
import type { RuleSets, ToRules } from './messages.ts';

/** Prolog with the kernel and no rule yet. */
export type Kernel = {
  /** Takes rules; `FILE`, line and why of the first that is not one, and then none of its set. */
  readonly load: (sets: Partial<RuleSets>) => string;
  readonly ask: (question: ToRules) => readonly string[];
};

/** Most steps that one call or patch may take; the shipped rules need some hundreds. */
const inferences = 1_000_000;

/** What the types of swipl-wasm leave out. */
type Untyped = {
  readonly String: new (text: string) => unknown;
  readonly load_string: (text: string, name: string) => Promise<unknown>;
};

/** Starts Prolog. Its files are in memory: none of this machine is among them. */
export const startKernel = async (): Promise<Kernel> => {
  const { prolog } = await startProlog({
    arguments: ['-q', '--no-tty'],
    print: () => {},
    printErr: () => {},
  });
  const untyped = prolog as unknown as Untyped;
  const call = (goal: string, input: Readonly<Record<string, unknown>>): unknown => {
    const answer = prolog.query(goal, { ...input }).once() as Readonly<Record<string, unknown>>;
    if (answer.success === true) return answer.Answer;
    throw new Error(`Prolog cannot ${goal}: ${String(answer.message ?? 'it failed')}`);
  };
  // Without it a text would become an atom.
  const textOf = (text: string): unknown => new untyped.String(text);
  const kernel = readFileSync(new URL('./kernel.pl', import.meta.url), 'utf8');
  await untyped.load_string(kernel, '/kernel.pl');
  return {
    load: (sets) => {
      for (const [set, sources] of Object.entries(sets)) {
        const told = call('load_rules(Set, Sources, Answer)', {
          Set: set,
          Sources: sources.map(({ name, text }) => [textOf(name), textOf(text)]),
        });
        const { v: fault } = told as Text;
        if (fault !== '') return fault;
      }
      return '';
    },
    ask: ({ goal, facts }) => {
      const input = { Facts: facts.map(textOf), Limit: inferences };
      const answers = call(`answers(${goal}, Limit, Facts, Answer)`, input) as readonly Text[];
      return answers.map(({ v }) => v);
    },
  };
};

/** A text of Prolog's. */
type Text = { readonly v: string };
