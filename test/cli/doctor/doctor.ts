// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis.ts';
import { diagnose } from '../../../src/cli/doctor/doctor.ts';
import type { ProfileReport } from '../../../src/cli/doctor/profiles.ts';
import { renderDiagnosis } from '../../../src/cli/doctor/table.ts';
import type { Check } from '../../../src/engine/contract/engine.ts';
import { emptyRegistry, renderRegistry, withAgent } from '../../../src/engine/models/registry.ts';
import { bait, serve } from '../../engine/wire/with-server.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { vllmAnswers } from '../served-vllm.ts';
import { start } from '../with-cli.ts';
import { ownProfile, repositoryWith, served } from './with-doctor.ts';

const { signal } = new AbortController();
const nothing = () => false;
const everything = () => true;

const failed = (report: ProfileReport) =>
  report.runtimes.flatMap(({ checks }) => checks.filter(({ state }) => state === 'fail'));

const text = (diagnosis: Diagnosis) => renderDiagnosis(diagnosis, undefined);

test('with nothing installed, embedded works, and each engine has its next step', async (t) => {
  const { folder } = makeRepository(t, { 'README.md': '# A' });
  const diagnosis = await diagnose({ repo: folder }, signal, nothing);
  t.true(diagnosis.works);
  t.false(diagnosis.own);
  t.deepEqual(
    diagnosis.profiles.map(({ name, state, chosen }) => [name, state, chosen]),
    [['embedded', 'ok', true]],
  );
  t.deepEqual(
    diagnosis.engines.map(({ engine }) => engine),
    ['llama', 'openvino', 'vllm', 'ollama', 'openai'],
  );
  const served = diagnosis.engines.filter(({ engine }) => engine === 'vllm' || engine === 'ollama');
  t.true(served.every(({ installed, next }) => !installed && /^install it/.test(next)));
  const shown = text(diagnosis);
  t.regex(shown, /as shipped; there is no pantheon\.yaml/);
  t.regex(shown, /The profile "embedded" works/);
  t.is(shown.match(/next: /g)?.length, 5 + diagnosis.machine.filter(({ fix }) => fix).length);
});

/** A profile that does not work: which check says so, and the one next step. */
const broken: Readonly<
  Record<
    string,
    readonly [profile: string, check: string, next: RegExp, installed?: typeof everything]
  >
> = {
  'vLLM is not installed and does not run': [
    '{ default: { engine: vllm, socket: /nowhere/e.sock, model: Qwen/Qwen3-8B } }',
    'reachable',
    /^install vLLM .* start it with: .* vllm serve Qwen\/Qwen3-8B --uds \/nowhere\/e\.sock .*disable_any_whitespace/,
  ],
  'vLLM does not run': [
    '{ default: { engine: vllm, socket: /nowhere/e.sock, model: "a model", contextTokens: 9000 } }',
    'reachable',
    /^start it with: sudo install -d -o "\$USER" \/nowhere && vllm serve 'a model' --uds \/nowhere\/e\.sock --max-model-len 9000 --scheduling-policy priority --structured/,
    everything,
  ],
  'vLLM does not run and serves adapters as well': [
    '{ default: { engine: vllm, socket: /nowhere/e.sock, model: m }, review.peer: [{ adapter: r@3 }, { seed: 2 }] }',
    'reachable',
    /^start it with: .* VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve m --uds \/nowhere\/e\.sock --enable-lora --max-loras 1 --s/,
    everything,
  ],
  'vLLM does not listen on its port': [
    '{ default: { engine: vllm, url: "http://127.0.0.1:1", model: m } }',
    'reachable',
    /vllm serve m --host 127\.0\.0\.1 --port 1 /,
    everything,
  ],
  'Ollama does not run': [
    '{ default: { engine: ollama, url: "http://127.0.0.1:1", model: m, slots: 2 } }',
    'reachable',
    /^start it with: OLLAMA_HOST=127\.0\.0\.1:1 OLLAMA_NO_CLOUD=1 OLLAMA_NUM_PARALLEL=2 ollama serve$/,
    everything,
  ],
  'llama-server does not run': [
    '{ default: { engine: openai, socket: /nowhere/llama.sock, model: m, slots: 2, contextTokens: 2048 } }',
    'reachable',
    /^start the server; llama\.cpp's: llama-server --model FILE\.gguf --alias m --host \/nowhere\/llama\.sock --ctx-size 4096 --parallel 2$/,
  ],
  'another host': [
    '{ default: { engine: vllm, url: "http://192.0.2.1:8000", model: m } }',
    'local',
    /^write the URL of a server on this machine/,
  ],
  'no address': [
    '{ default: { engine: vllm, model: m } }',
    'local',
    /^set "socket" to its Unix socket or "url"/,
  ],
  'no model': [
    '{ default: { engine: vllm, socket: /nowhere/e.sock } }',
    'model',
    /^give the name under which/,
  ],
  'a model that is not there': [
    '{ default: { engine: llama, model: no-such-model.gguf } }',
    'model',
    /pantheon models pull/,
  ],
  'a specialist that is not there': [
    '{ default: { engine: rules, rules: no-such-rules } }',
    'installed',
    /./,
  ],
  'one reviewer for two nodes': [
    '{ default: { engine: rules }, review.peer: [{ engine: rules }] }',
    'installed',
    /^Write one for each/,
  ],
};

const digest = 'a'.repeat(64);
const versions = [1, 2, 3].map((version) => ({
  ...{ version, adapter: digest, base: { name: 'tiny', digest } },
  ...{ dataset: digest, date: '2026-11-30' },
}));

test('every version that a night would open is looked at, and it is said why it would', async (t) => {
  const repo = repositoryWith(
    t,
    '{ default: { engine: rules }, doc.frontmatter: { engine: llama, model: tiny, adapter: doc.frontmatter@champion }, review.peer: [{ engine: rules, rules: by-acceptance }, {}] }',
  );
  const registry = withAgent(emptyRegistry, 'doc.frontmatter', {
    champion: 1,
    candidate: { version: 3, share: 0.2 },
    routes: { champion: 1, table: [{ chores: ['links', 'toc'], version: 2 }] },
    versions,
  });
  writeFileSync(join(repo, 'registry.yaml'), renderRegistry(registry));
  const diagnosis = await diagnose({ repo }, signal, nothing);
  const runtimes = ownProfile(diagnosis).runtimes.filter(({ engine }) => engine === 'llama');
  t.deepEqual(
    runtimes.map(({ adapter, state }) => [adapter, state]),
    [
      ['doc.frontmatter@1, the champion', 'fail'],
      ['doc.frontmatter@3, the candidate for 20 % of the specs', 'fail'],
      ['doc.frontmatter@2, the route for links, toc', 'fail'],
    ],
  );
  for (const [at, version] of [1, 3, 2].entries()) {
    t.regex(
      runtimes[at]?.checks[0]?.detail ?? '',
      new RegExp(`there is no model .*doc\\.frontmatter@${version}`),
    );
  }
  t.true(
    renderDiagnosis(diagnosis, undefined).includes(
      'doc.frontmatter llama tiny + doc.frontmatter@2, the route for links, toc',
    ),
  );
});

for (const [title, [profile, name, next, installed = nothing]] of Object.entries(broken)) {
  test(`one next step: ${title}`, async (t) => {
    const repo = repositoryWith(t, profile);
    const diagnosis = await diagnose({ repo }, signal, installed);
    const report = ownProfile(diagnosis);
    t.is(report.state, 'fail');
    t.true(
      failed(report).some((check) => check.name === name),
      JSON.stringify(failed(report)),
    );
    t.regex(report.next ?? '', next);
    t.false(diagnosis.works);
    const shown = text(diagnosis);
    t.true(shown.includes(report.next ?? 'no next step'));
    t.regex(shown, /The profile "own" does not work yet\. These work now: "embedded"\./);
  });
}

test('a server that holds the schema works', async (t) => {
  const socket = await serve(t, vllmAnswers('tiny'));
  const diagnosis = await diagnose({ repo: repositoryWith(t, served(socket)) }, signal);
  t.deepEqual(failed(ownProfile(diagnosis)), []);
  t.true(diagnosis.works);
  const looked = 'reachable local model template context schema slots memory'.split(' ');
  t.deepEqual(
    ownProfile(diagnosis).runtimes[0]?.checks.map(({ name }) => name),
    looked as Check['name'][],
  );
  const shown = text(diagnosis);
  for (const name of looked) t.regex(shown, new RegExp(`(?:ok  |warn) ${name}: \\S`));
  t.regex(shown, /ok {3}schema: enforced/);
  t.regex(shown, /ok {3}local: Unix socket/);
});

test('a server that is starting, or was killed, is told from one that was never started', async (t) => {
  const socket = join(temporaryFolder(t), 'e.sock');
  const dying = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', dying, socket]);
  const report = ownProfile(
    await diagnose({ repo: repositoryWith(t, served(socket)) }, signal, nothing),
  );
  t.regex(
    report.next ?? '',
    /^wait if it was just started; else remove .* \(rm \S+e\.sock\), and start it with: vllm/,
  );
});

test('without an address, Ollama is looked for where it usually listens', async (t) => {
  const repo = repositoryWith(t, '{ default: { engine: ollama, model: no-such-model } }');
  const report = ownProfile(await diagnose({ repo }, signal));
  t.is(report.state, 'fail');
  t.regex(
    failed(report)[0]?.detail ?? '',
    /profiles\.own\.default\.(?:url: http:\/\/127\.0\.0\.1:11434|model: )/,
  );
});

test('a server that ignores the schema does not', async (t) => {
  const socket = await serve(t, vllmAnswers('tiny', { says: 'The sea is blue.' }));
  const diagnosis = await diagnose({ repo: repositoryWith(t, served(socket)) }, signal);
  t.deepEqual([...new Set(failed(ownProfile(diagnosis)).map(({ name }) => name))], ['schema']);
  t.regex(ownProfile(diagnosis).next ?? '', /disable_any_whitespace/);
  t.false(diagnosis.works);
});

test('a server with less context than is set does not', async (t) => {
  const socket = await serve(t, vllmAnswers('tiny', { contextTokens: 1_024 }));
  const repo = repositoryWith(t, served(socket, ', contextTokens: 2048'));
  const report = ownProfile(await diagnose({ repo }, signal));
  t.is(failed(report)[0]?.name, 'context');
  t.regex(report.next ?? '', /--max-model-len 2048/);
});

test('a server of another kind is named', async (t) => {
  const { port } = await bait(t);
  const profile = `{ default: { engine: vllm, url: "http://127.0.0.1:${port}", model: tiny } }`;
  const report = ownProfile(await diagnose({ repo: repositoryWith(t, profile) }, signal));
  t.is(failed(report)[0]?.name, 'reachable');
  t.regex(failed(report)[0]?.detail ?? '', /is not a vLLM server/);
});

test('each runtime is looked at once, wherever it is bound', async (t) => {
  const asked: (string | undefined)[] = [];
  const answers = vllmAnswers('tiny');
  const socket = await serve(t, (request, response) => {
    asked.push(request.url);
    return answers(request, response);
  });
  const profile = `{ default: { engine: vllm, socket: ${socket}, model: tiny }, review.peer: [{ seed: 1 }, { seed: 2 }] }`;
  const report = ownProfile(await diagnose({ repo: repositoryWith(t, profile) }, signal));
  t.deepEqual(
    report.runtimes.map(({ settings }) => settings),
    [['default'], ['review.peer[0]'], ['review.peer[1]']],
  );
  t.is(asked.filter((url) => url === '/version').length, 3);
  t.is(asked.filter((url) => url === '/v1/chat/completions').length, 1, 'one canary a server');
});

/** Two reviewers of a profile, and what is said where they count as one. */
const pairs: readonly (readonly [title: string, reviewers: string, says?: RegExp])[] = [
  ['rules and a model', '[{ engine: rules, rules: by-acceptance }, {}]'],
  ['the default twice', '[{}, {}]', /seeds do not differ/],
  ['two seeds at temperature 0', '[{ seed: 1 }, { seed: 2 }]', /only above temperature 0/],
  ['two seeds above it', '[{ seed: 1, temperature: 1 }, { seed: 2, temperature: 1 }]'],
];

for (const [title, reviewers, says] of pairs) {
  test(`two reviewers: ${title}`, async (t) => {
    const socket = await serve(t, vllmAnswers('tiny'));
    const profile = `{ default: { engine: vllm, socket: ${socket}, model: tiny }, review.peer: ${reviewers} }`;
    const diagnosis = await diagnose({ repo: repositoryWith(t, profile) }, signal);
    t.is(diagnosis.works, says === undefined);
    if (!says) return;
    t.regex(text(diagnosis), new RegExp(`fail reviewers: .*${says.source}`));
    t.regex(
      ownProfile(diagnosis).next ?? '',
      /^bind profiles\.own\.review\.peer to two that differ/,
    );
  });
}

test('the program: a table or JSON, and exit codes', async (t) => {
  const repo = repositoryWith(t, served('/nowhere/e.sock'));
  const table = await start(['doctor'], repo, {});
  t.is(table.code, 1, table.stderr);
  t.regex(table.stdout, /fail own +\(chosen\) vllm/);
  t.regex(table.stdout, /ok +embedded/);
  const json = await start(['doctor', '--profile', 'embedded', '--json'], repo, {});
  t.is(json.code, 0, json.stderr);
  t.true(JSON.parse(json.stdout).works);
  const mistake = await start(['doctor', '--profile', 'none'], repo, {});
  t.is(mistake.code, 2);
});
