// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { diagnose } from '../../../src/cli/doctor/doctor.ts';
import { renderDiagnosis } from '../../../src/cli/doctor/table.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { serve } from '../../engine/wire/with-server.ts';
import { makeRepository, plainGit, temporaryFolder } from '../../workspace/with-repository.ts';
import { vllmAnswers } from '../served-vllm.ts';
import { ownProfile, repositoryWith, served } from './with-doctor.ts';

const { signal } = new AbortController();
const nothing = () => false;
const everything = () => true;

test('settings are read before the first commit, and outside of a repository', async (t) => {
  for (const git of [true, false]) {
    const repo = temporaryFolder(t);
    if (git) plainGit(repo)(['init', '-q']);
    writeFileSync(
      join(repo, 'pantheon.yaml'),
      `profile: own\nprofiles: { own: ${served('/nowhere/e.sock')} }\n`,
    );
    const diagnosis = await diagnose({ repo }, signal, everything);
    t.true(diagnosis.own);
    t.regex(ownProfile(diagnosis).next ?? '', /vllm serve tiny --uds/);
    t.is(diagnosis.machine.find(({ name }) => name === 'repository')?.state, 'fail');
  }
});

test('only the named profile is looked at, and decides', async (t) => {
  const repo = repositoryWith(t, served('/nowhere/e.sock'));
  const { profiles, works, engines } = await diagnose({ repo, profile: 'embedded' }, signal);
  t.deepEqual(
    profiles.map(({ name, chosen }) => [name, chosen]),
    [['embedded', true]],
  );
  t.true(works);
  t.deepEqual(engines, []);
});

test('an unknown profile is a mistake', async (t) => {
  const repo = repositoryWith(t, served('/nowhere/e.sock'));
  await t.throwsAsync(diagnose({ repo, profile: 'owm' }, signal), {
    instanceOf: UserError,
    message: /unknown profile "owm".*own/,
  });
});

test('without a repository, what ships is looked at', async (t) => {
  const diagnosis = await diagnose({ repo: temporaryFolder(t) }, signal, nothing);
  const finding = diagnosis.machine.find(({ name }) => name === 'repository');
  t.is(finding?.state, 'fail');
  t.regex(finding?.fix ?? '', /git init/);
  t.true(diagnosis.works);
  t.false(diagnosis.ready);
});

test('settings that are not committed are looked at, and named', async (t) => {
  const repo = repositoryWith(t, served('/nowhere/e.sock'));
  writeFileSync(join(repo, 'pantheon.yaml'), 'profile: embedded\n');
  const diagnosis = await diagnose({ repo }, signal);
  t.true(diagnosis.works);
  const finding = diagnosis.machine.find(({ name }) => name === 'repository');
  t.is(finding?.state, 'warn');
  t.regex(finding?.detail ?? '', /pantheon\.yaml: not as committed/);
  t.regex(renderDiagnosis(diagnosis, undefined), /"embedded" works; commit it, and a night can/);
});

test('only what the queue needs is judged', async (t) => {
  const socket = await serve(t, vllmAnswers('tiny', { contextTokens: 2_048 }));
  const profile = `default: { engine: vllm, socket: ${socket}, model: tiny }, review.peer: [{ engine: rules, rules: by-acceptance }, { engine: rules, rules: by-redoing }]`;
  const files = { 'pantheon.yaml': `profile: own\nprofiles: { own: { ${profile} } }\n` };
  const spec = { title: 'Tidy', scope: 'notes/', do: [{ 'normalise-frontmatter': {} }] };
  const worksWith = async (specs: Readonly<Record<string, string>>): Promise<boolean> => {
    const { folder } = makeRepository(t, { ...files, ...specs });
    return (await diagnose({ repo: folder }, signal)).works;
  };
  t.false(await worksWith({}), 'an answer of codegen does not fit');
  t.true(await worksWith({ 'specs/tidy.json': JSON.stringify({ ...spec, flow: 'docops' }) }));
  t.false(await worksWith({ 'specs/code.json': JSON.stringify({ ...spec, flow: 'spec2code' }) }));
  t.false(await worksWith({ 'specs/broken.json': '{' }), 'what cannot be read may need anything');
});

/** A server's context [tokens], what else the profile binds, and whose answer does not fit. */
const contexts: readonly (readonly [tokens: number, more: string, agent?: string])[] = [
  [16_384, ''],
  [8_192, '', 'codegen.qwen8b'],
  [8_192, 'codegen.qwen8b: { engine: rules }'],
  [2_048, 'codegen.qwen8b: { engine: rules }'],
  [512, 'codegen.qwen8b: { engine: rules }', 'doc.frontmatter'],
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
    const says = `profiles.own.default.contextTokens: the engine holds ${contextTokens} tokens, and ${agent} needs 7 for its prompt before any task and`;
    t.true(failed[0]?.detail.startsWith(says), failed[0]?.detail);
    t.regex(profiles[0]?.next ?? '', /^start the server with a context of \d+ or more, bind /);
  });
}
