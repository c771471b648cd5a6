// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { diagnose } from '../../../src/cli/doctor/doctor.ts';
import { serve } from '../../engine/wire/with-server.ts';
import { makeRepository } from '../../workspace/with-repository.ts';
import { vllmAnswers } from '../served-vllm.ts';

const { signal } = new AbortController();

/** A server's context [tokens], what else the profile binds, and whose answer does not fit. */
const contexts: readonly (readonly [tokens: number, more: string, agent?: string])[] = [
  [16_384, ''],
  [8_192, '', 'codegen.qwen8b'],
  [8_192, 'codegen.qwen8b: { engine: rules }'],
  [4_096, 'codegen.qwen8b: { engine: rules }', 'doc.frontmatter'],
];

for (const [contextTokens, more, agent] of contexts) {
  const title = `${contextTokens} tokens${more && ' without codegen'}`;
  test(`${title}: ${agent ?? 'nobody'} is left without room`, async (t) => {
    const socket = await serve(t, vllmAnswers('tiny', { contextTokens }));
    const runtimes = `default: { engine: vllm, socket: ${socket}, model: tiny }, review.peer: [{ engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing }]`;
    const { folder } = makeRepository(t, {
      'pantheon.yaml': `profile: own\nprofiles: { own: { ${[runtimes, more].filter(Boolean).join(', ')} } }\n`,
    });
    const { works, profiles } = await diagnose({ repo: folder }, signal);
    t.is(works, agent === undefined);
    if (agent === undefined) return;
    const checks = profiles[0]?.runtimes.flatMap((runtime) => runtime.checks) ?? [];
    const failed = checks.filter(({ state }) => state === 'fail');
    t.deepEqual(
      failed.map(({ name }) => name),
      ['context'],
    );
    const says = `profiles.own.default.contextTokens: the engine holds ${contextTokens} tokens, and ${agent} needs 7 for its prompt alone and`;
    t.true(failed[0]?.detail.startsWith(says), failed[0]?.detail);
    t.regex(profiles[0]?.next ?? '', /^give profiles\.own\.default at least \d+ tokens, or bind /);
  });
}
