// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { startConfined } from '../../../src/boundary/confined/start-confined.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { checkKeysHidden } from '../../../src/night/child/keys-hidden.ts';
import { withChild } from '../../../src/night/child/work-confined.ts';
import { type NightTask, nightTaskSchema } from '../../../src/night/record/night-task.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { keyFolder, openSigner } from '../../../src/trace/sign/key-folder.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { processesBelow } from '../support/processes-below.ts';

type Test = Parameters<typeof makeRepository>[0];

/** A repository, its state, and a home, all with something in them that is nobody's business. */
const makeWorld = async (t: Test) => {
  const { folder, run } = makeRepository(t, {
    'docs/a.md': '# A\n',
    'package.json': '{}\n',
    '.gitignore': 'node_modules\n.env\n',
  });
  run(['config', 'http.extraheader', 'AUTHORIZATION: basic c2VjcmV0']);
  const root = temporaryFolder(t);
  const state = stateAt(join(root, 'state/repository'));
  const night = join(state.traces, '2026-11-21');
  const files = {
    [join(folder, '.env')]: 'A=1\n',
    [join(folder, 'node_modules/a/index.js')]: '',
    [join(state.root, 'exams.jsonl')]: '',
    [join(state.root, 'decisions.jsonl')]: '',
    [join(state.root, 'code/0123456789abcdef/agents/a.ts')]: '',
    [join(state.root, 'deps/x/node_modules/b/index.js')]: '',
    [join(state.traces, '2026-11-20/night.json')]: '{}',
    [join(root, 'state/another/exams.jsonl')]: '',
    [join(root, 'home/.aws/credentials')]: '',
    [join(night, 'kept')]: '',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const { root: repository, head } = await resolveRepository(folder);
  const task: NightTask = {
    repository: { root: repository, head },
    ...{ state: state.root, id: '2026-11-21', folder: night, relays: {} },
    begin: {
      kind: 'decide',
      ...{ startedAt: '2026-11-21T02:00:00Z', example: false, leave: false, host: [], notices: [] },
      forge: { pulls: [], branches: [], renameAdvice: '' },
      commitSettings: { signOff: false },
    },
  };
  return { task, folder, root, state, night };
};

const look = `
const fs = require('node:fs');
const { paths, written } = JSON.parse(process.argv[1]);
const reads = Object.fromEntries(paths.map((path) => {
  try { fs.accessSync(path, fs.constants.R_OK); return [path, true]; } catch { return [path, false]; }
}));
const writes = Object.fromEntries(written.map((path) => {
  try { fs.writeFileSync(path, 'x'); return [path, true]; } catch { return [path, false]; }
}));
console.log(JSON.stringify({ reads, writes, env: process.env, uses: fs.readdirSync('/proc').filter(Number).length }));
`;

confinedTest('a child sees what it works on and nothing else of this machine', async (t) => {
  const { task, folder, root, state, night } = await makeWorld(t);
  process.env.PANTHEON_TEST_TOKEN = 'secret';
  t.teardown(() => {
    delete process.env.PANTHEON_TEST_TOKEN;
  });
  const seen = {
    '/night/repository/objects': true,
    '/night/repository/node_modules/a/index.js': true,
    '/night/state/exams.jsonl': true,
    '/night/state/deps/x/node_modules/b/index.js': true,
    '/night/state/traces/2026-11-21/kept': true,
    [join(folder, '.git/objects')]: true,
    [join(folder, '.git/config')]: false,
    [join(folder, '.env')]: false,
    [join(folder, 'docs/a.md')]: false,
    '/night/state/decisions.jsonl': false,
    '/night/state/code/0123456789abcdef/agents/a.ts': false,
    '/night/state/traces/2026-11-20/night.json': false,
    [join(state.root, 'decisions.jsonl')]: false,
    [join(root, 'state/another/exams.jsonl')]: false,
    [join(root, 'home/.aws/credentials')]: false,
    '/etc/shadow': false,
    '/root': false,
    [keyFolder()]: false,
    [join(keyFolder(), `${openSigner(keyFolder()).keyid}.pem`)]: false,
  };
  const written = {
    '/night/state/traces/2026-11-21/new': true,
    '/night/state/exams.jsonl': true,
    '/tmp/new': true,
    '/night/repository/HEAD': false,
    [join(folder, '.git/objects/new')]: false,
    [join(fileURLToPath(new URL('../../../src', import.meta.url)), 'new.ts')]: false,
    '/new': false,
    '/night/compiled/new': false,
  };
  const asked = JSON.stringify({ paths: Object.keys(seen), written: Object.keys(written) });
  const { reads, writes, env, uses } = await withChild(task, async ({ confined }) => {
    const child = await startConfined({ ...confined, argv: [process.execPath, '-e', look, asked] });
    child.stdin?.end();
    return (await json(child.stdout as NodeJS.ReadableStream as never)) as Record<string, never>;
  });
  t.deepEqual(reads, seen as never);
  t.deepEqual(writes, written as never);
  t.deepEqual(
    Object.keys(env ?? {}).filter(
      (name) =>
        !/^(?:PATH|HOME|TMPDIR|LANG|PWD|TZ|CI|LC_ALL|NODE_COMPILE_CACHE|PANTHEON_(?:NIGHT|HOME|MODELS|COMMAND))$/.test(
          name,
        ),
    ),
    [],
  );
  t.true(Number(uses) <= 4, 'only its own processes');
  t.true(existsSync(join(night, 'new')));
  t.is(readFileSync(join(state.root, 'exams.jsonl'), 'utf8'), '');
});

/** What a child that was given its task says first: that it has decided, or why it does not. */
const firstSaid = (task: NightTask, more: Readonly<Record<string, string>>) =>
  withChild(task, async ({ confined }) => {
    const child = await startConfined({ ...confined, env: { ...confined.env, ...more } });
    const { root, state, folder } = {
      ...{ root: '/night/repository', state: '/night/state' },
      folder: `/night/state/traces/${task.id}`,
    };
    const repository = { ...task.repository, root };
    const given = nightTaskSchema.encode({ ...task, repository, state, folder });
    child.stdin?.write(`${JSON.stringify(given)}\n`);
    try {
      for await (const line of createInterface({ input: child.stdout as Readable })) {
        if (/^\{"type":"(?:ready|failed)"/.test(line)) return line;
      }
      return 'it ended';
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

confinedTest('a child that sees a credential decides nothing', async (t) => {
  const { task } = await makeWorld(t);
  t.regex(await firstSaid(task, {}), /^\{"type":"(?:ready|failed)"(?!.*credential)/);
  t.regex(
    await firstSaid(task, { MY_API_KEY: 'x' }),
    /^\{"type":"failed".*A credential is in sight of what works at night: the variable MY_API_KEY/,
  );
});

test('keys below something that a child is shown end the night before it', (t) => {
  const folder = temporaryFolder(t);
  const shown = [{ source: join(folder, 'models'), access: 'read' }] as const;
  mkdirSync(join(folder, 'models/keys'), { recursive: true });
  symlinkSync(join(folder, 'models/keys'), join(folder, 'elsewhere'));
  for (const keys of ['models/keys', 'models/new/keys', 'models', 'elsewhere', 'elsewhere/new']) {
    t.throws(() => checkKeysHidden(shown, join(folder, keys)), { instanceOf: UserError }, keys);
  }
  t.throws(() => checkKeysHidden([], '/etc/pantheon/keys'), { message: /PANTHEON_KEYS/ });
  t.notThrows(() => checkKeysHidden(shown, join(folder, 'keys')));
  t.notThrows(() => checkKeysHidden(shown, folder), 'what is shown may lie beside it');
});

const attest = fileURLToPath(new URL('../../../src/boundary/attest/main.ts', import.meta.url));

/** A network namespace of its own that is the public address: nothing leaves it, and something answers. */
const otherEnd = `
use Socket;
$^F = 100;
socket(my $s, PF_INET, SOCK_STREAM, 0) or die $!;
ioctl($s, 0x8916, my $a = pack('a16 S n C4 x8', 'lo', 2, 0, 1, 1, 1, 1)) or die "address: $!";
ioctl($s, 0x8914, my $f = pack('a16 s x22', 'lo', 0x41)) or die "up: $!";
close($s);
socket(my $l, PF_INET, SOCK_STREAM, 0) or die $!;
bind($l, sockaddr_in(443, inet_aton('1.1.1.1'))) or die "bind: $!";
listen($l, 5) or die $!;
unless (fork) { close(STDOUT); close(STDERR); sleep 20; exit }
close($l) unless $ENV{LEAVE_OPEN};
exec(@ARGV) or die $!;
`;

const openWays = async (t: Test, env: NodeJS.ProcessEnv) => {
  const child = spawn(
    'unshare',
    ['--user', '--map-root-user', '--net', 'perl', '-e', otherEnd, process.execPath, attest],
    { env: { PATH: process.env.PATH, HOME: temporaryFolder(t), ...env } },
  );
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const proved: {
    readonly probes: readonly { readonly way: string; readonly outcome: string }[];
    readonly credentials: readonly string[];
  } = JSON.parse(out === '' ? JSON.stringify(errors) : out);
  const open = proved.probes.flatMap(({ way, outcome }) => (outcome === 'open' ? [way] : []));
  return { open, credentials: proved.credentials };
};

confinedTest('ways out that are open are told', async (t) => {
  const { open, credentials } = await openWays(t, { MY_API_KEY: 'x' });
  t.true(open.includes('TCP to a public address'), `${open}`);
  t.true(open.includes('UDP to a public address'));
  t.true(open.includes('keyctl'), 'no filter of system calls');
  t.false(open.includes('DNS over UDP'));
  t.deepEqual(
    credentials.filter((one) => one.startsWith('the variable')),
    ['the variable MY_API_KEY'],
  );
});

confinedTest('where something is seen to be open no packet is sent', async (t) => {
  t.deepEqual((await openWays(t, { LEAVE_OPEN: '1' })).open, ['open descriptors of others']);
  t.deepEqual((await openWays(t, { https_proxy: 'http://127.0.0.1:1' })).open, [
    'a proxy in the environment',
  ]);
});

confinedTest('a child ends with who started it, however that ends', async (t) => {
  const { task } = await makeWorld(t);
  const starter = `
    const { withChild } = await import(${JSON.stringify(new URL('../../../src/night/child/work-confined.ts', import.meta.url).href)});
    const { startConfined } = await import(${JSON.stringify(new URL('../../../src/boundary/confined/start-confined.ts', import.meta.url).href)});
    await withChild(${JSON.stringify(task)}, async ({ confined }) => {
      const child = await startConfined({ ...confined, argv: [process.execPath, '-e', 'console.log(1); setInterval(() => {}, 1000)'] });
      child.stdout.once('data', () => console.log('started'));
      await new Promise(() => {});
    });`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', starter], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const started = processesBelow(parent.pid ?? 0);
  t.true(started.some(([, command]) => command.includes('setInterval')));
  parent.kill('SIGKILL');
  await once(parent, 'close');
  for (let tries = 0; tries < 100; tries += 1) {
    if (started.every(([pid]) => !existsSync(`/proc/${pid}`))) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.deepEqual(
    started.filter(([pid]) => existsSync(`/proc/${pid}`)),
    [],
  );
});
