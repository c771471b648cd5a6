// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import { runLoop } from '../../src/agent/loop.ts';
import { discoverAgents, isModelAgent, openAgent } from '../../src/agent/registry.ts';
import type { Input } from '../../src/agent/schema.ts';
import { createUnconfined } from '../../src/boundary/unconfined.ts';
import { createPathVerifier } from '../../src/boundary/verifier.ts';
import { openChores } from '../../src/chore/chores.ts';
import { createRulesEngine, loadSpecialist } from '../../src/engine/rules/engine.ts';
import { type ExamCase, prepareCase } from '../../src/review/exam/exam-case.ts';
import { type Opinion, opinionSchema } from '../../src/review/schema.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import type { BaseTree } from '../../src/workspace/base-tree.ts';

export type Asked = (
  examCase: ExamCase,
  checks?: () => Promise<{ readonly ok: boolean; readonly log: string }>,
  settings?: Input['with'],
) => Promise<Opinion>;

/** A tree in which nothing lies but what a case brings. */
export const emptyTree: BaseTree = {
  repository: '',
  commit: '0'.repeat(40),
  entries: new Map(),
  read: async (oid) => {
    throw new Error(`no blob ${oid} in an empty tree`);
  },
  close: async () => {},
};

/** A shipped reviewer behind the real loop, engine and tools. */
export const openReviewer = async (rules: string, chores = openChores()): Promise<Asked> => {
  const entry = (await discoverAgents([join(import.meta.dirname, '../../actions')])).get(
    'review.peer',
  );
  if (!entry) throw new Error('there is no agent review.peer');
  const room = await openAgent(entry);
  if (!isModelAgent(room)) throw new Error('review.peer is no model agent');
  const { manifest: agent, prompt } = room;
  const engine = createRulesEngine(await loadSpecialist(entry.folder, chores, rules));
  const { contextTokens } = await engine.probe();
  const tools = await loadTools(agent.tools);
  const reach = { mayRead: () => true, mayWrite: () => false };
  const { signal } = new AbortController();
  return async (examCase, runChecks, settings) => {
    const { overlay, work, test } = await prepareCase(examCase, emptyTree);
    const { spec, unit } = examCase;
    const input = { spec, unit, inputs: { work, test } };
    const { outcome } = await runLoop({
      agent,
      limits: agent.limits,
      engine,
      runtime: {},
      contextTokens,
      tools,
      verifier: createPathVerifier(reach),
      context: {
        overlay,
        executor: createUnconfined(),
        signal,
        paths: input.unit.paths,
        ...(runChecks && { runChecks }),
      },
      prompt,
      input: { ...input, with: settings },
      signal,
    });
    if (outcome.kind === 'failure') throw new Error(outcome.failure.message);
    return opinionSchema.parse(outcome.output.result);
  };
};
