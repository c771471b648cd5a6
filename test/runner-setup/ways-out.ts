// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { addresses, names } from './addresses.ts';
import { asNightUnit } from './unit-night.ts';
import { type ProxyFiles, type Way, type Weakness, ways } from './ways.ts';
import { type ProxyWay, waysByProxy } from './ways-by-proxy.ts';
import { openWorld, root, run } from './world.ts';

/*
 * Every way out is tried twice, in namespaces that this run made: with the rules and the proxy as they ship,
 * where the outside must see no packet, and without exactly the protection that stops it, where it must see one.
 */

const world = await openWorld();
test.after.always(() => world.close());

const isReady = async ({ stdout }: ChildProcess): Promise<void> => {
  await once(stdout!, 'data', { signal: AbortSignal.timeout(3_000) });
};

/** Loads rules, without one protection; what is in place already is left so. */
let inPlace = '';
const prepare = (rules: 'night' | 'day', without?: Weakness): void => {
  const state = JSON.stringify([rules, without]);
  if (state === inPlace) return;
  world.load(rules);
  if (without) world.weaken(without);
  inPlace = state;
};

/** Waits until nothing of the last attempt is on its way any more. */
const quiet = async (): Promise<void> => {
  for (let attempts = 0; attempts < 20; attempts += 1) {
    world.reset();
    await sleep(20);
    const { cloud, forge, resolver } = world.counts();
    if (cloud + forge + resolver === 0) return;
  }
  const counts = JSON.stringify(world.counts());
  throw new Error(`packets do not end (${counts}); within a second:\n${world.traceArrivals()}`);
};

/** Packets that reached the outside, and what the sender complained of. */
const attempt = async (way: Way, without?: Weakness) => {
  const away = without && 'privileges' in without ? undefined : without;
  prepare(way.from ?? way.by ?? 'night', way.from ? undefined : away);
  await quiet();
  const privileges = without && 'privileges' in without ? without.privileges : way.has;
  const child = world.send(way.as, way.send, privileges);
  const errors: string[] = [];
  child.stderr?.on('data', (data) => errors.push(String(data)));
  const ended = once(child, 'close');
  if (way.from) {
    await isReady(child);
    const peer = way.outside ? world.sendFromOutside(way.outside) : undefined;
    if (peer) await isReady(child);
    prepare('night', away);
    world.reset();
    child.stdin?.write('\n');
    await ended;
    peer?.kill();
  } else await ended;
  await sleep(40);
  const { cloud, forge, resolver } = world.counts();
  return { packets: cloud + forge + resolver, errors: errors.join('') };
};

for (const [title, way] of Object.entries(ways)) {
  test(`${title}: no packet`, async (t) => {
    const { packets, errors } = await attempt(way);
    t.is(packets, 0, errors);
  });
}
for (const [title, way] of Object.entries(ways)) {
  test(`${title}: packets without the protection`, async (t) => {
    const { packets, errors } = await attempt(way, way.without);
    t.true(packets > 0, errors);
  });
}

test('at least 30 ways out were tried, and each is closed by something that can be taken away', (t) => {
  t.true(Object.keys(ways).length + Object.keys(waysByProxy).length >= 30);
});

test('rules are loaded by the nft of the system, whatever comes first in PATH', (t) => {
  spawnSync('nft', ['delete', 'table', 'inet', 'pantheon']);
  inPlace = 'none';
  const programs = join(world.folder, 'programs');
  mkdirSync(programs);
  symlinkSync('/bin/true', join(programs, 'nft'));
  const env = { PATH: `${programs}:${process.env.PATH}` };
  t.is(spawnSync(join(root, 'runner-setup/egress.sh'), ['night'], { env }).status, 0);
  t.is(spawnSync('nft', ['list', 'table', 'inet', 'pantheon']).status, 0);
});

test('the path that is open: names are pinned, the runner reaches the forge, root all of the outside', async (t) => {
  prepare('night');
  world.reset();
  t.regex(world.pin(), /^2 addresses of 2 names/m);
  await world.startProxy();
  const command = `curl --silent --show-error --max-time 3 --proxy http://127.0.0.1:3128 --cacert ${world.folder}/cert.pem`;
  for (const name of [names.forge, names.api]) {
    t.is(await world.say('runner', `${command} https://${name}/`), 'forge\n');
  }
  t.deepEqual(world.hellos, [
    `hello ${addresses.forge} ${names.forge}`,
    `hello ${addresses.api} ${names.api}`,
  ]);
  const { cloud, forge, resolver } = world.counts();
  t.is(cloud, 0);
  t.true(forge > 0 && resolver > 0);
  await once(world.sendAsRoot(`tcp('${addresses.cloud}', 443)`), 'close');
  t.true(world.counts().cloud > 0);
});

test('a night sees whether its user is held back, and nothing leaves the machine for it', async (t) => {
  const look = `import('/opt/pantheon/src/boundary/attest/host.ts').then(async ({ lookAtHost }) =>
    console.log(JSON.stringify((await lookAtHost()).map(({ what, outcome }) => what + ': ' + outcome))))`;
  const node = `${process.execPath} --disable-warning=ExperimentalWarning`;
  const see = async () => JSON.parse(await world.say('runner', `${node} -e "${look}"`));
  prepare('night');
  t.deepEqual(await see(), ['rules: unseen', 'proxy: present', 'no way past it: present']);
  t.deepEqual(
    JSON.parse(run('bash', ['-c', `${node} -e "${look}"`])),
    ['rules: present', 'proxy: present', 'no way past it: absent'],
    'of root',
  );
  spawnSync('nft', ['delete', 'table', 'inet', 'pantheon']);
  inPlace = 'none';
  await quiet();
  t.deepEqual(await see(), ['rules: unseen', 'proxy: present', 'no way past it: absent']);
  await sleep(40);
  t.like(world.counts(), { cloud: 0, forge: 0, resolver: 0 });
});

test('a night of the unit is worked and signed with a key that only its user reads', (t) => {
  prepare('night');
  const { status, said } =
    asNightUnit(`set -e; cd $HOME/repositories; cp -r /opt/pantheon/examples/vault vault
    mkdir vault/specs; cp /opt/pantheon/examples/specs/add-header.json vault/specs; cd vault
    git init -qb main; git add -A; git -c user.name=t -c user.email=t@localhost commit -qm base
    /opt/pantheon/bin/pantheon night; /opt/pantheon/bin/pantheon keys export
    /opt/pantheon/bin/pantheon trace verify $(ls $HOME/.local/state/pantheon/*/traces)`);
  t.is(status, 0, said);
  t.regex(said, /: as [0-9a-f]{64} signed it, with \d+ bundles\.$/m);
  const keys = '/var/lib/pantheon-runner/.config/pantheon/keys';
  t.regex(run('bash', ['-c', `stat -c '%a %U' ${keys}/*.pem`]), /^600 pantheon-runner\n$/);
  t.not(asNightUnit(`cat ${keys}/*.pem`, 'pantheon-engine').status, 0);
});

test("what runs on Node reaches the forge by the proxy, as the units' environment says", async (t) => {
  prepare('night');
  const said = await world.say(
    'runner',
    `export NODE_USE_ENV_PROXY=1 https_proxy=http://127.0.0.1:3128 NODE_EXTRA_CA_CERTS=${world.folder}/cert.pem
    ${process.execPath} -e "fetch('https://${names.api}/').then((r) => r.text()).then((text) => process.stdout.write(text))"`,
  );
  t.regex(said, /forge\n$/);
});

test('a runner is registered by the proxy, with a token that no argument shows', (t) => {
  prepare('night');
  const at = join(world.folder, 'credentials');
  mkdirSync(at);
  writeFileSync(join(at, 'github-token'), 'secret-token\n');
  mkdirSync('/run/pantheon-jit');
  t.teardown(() => rmSync('/run/pantheon-jit', { recursive: true }));
  const { status, stderr } = spawnSync('bash', [join(root, 'runner-setup/jit.sh'), '1'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      SCOPE: 'repos/o/n',
      LABELS: 'pantheon,gpu',
      CREDENTIALS_DIRECTORY: at,
      CURL_CA_BUNDLE: join(world.folder, 'cert.pem'),
    },
    encoding: 'utf8',
  });
  t.is(status, 0, stderr);
  const [, config = ''] =
    /^ACTIONS_RUNNER_INPUT_JITCONFIG=(.+)\n$/.exec(readFileSync('/run/pantheon-jit/1', 'utf8')) ??
    [];
  const request = Buffer.from(config, 'base64').toString();
  t.regex(request, /^Authorization: Bearer secret-token\r$/m);
  t.regex(request, /"labels":\["self-hosted","linux","pantheon","gpu"\]/);
});

const shipped: ProxyFiles = await (async () => {
  world.load('night');
  world.pin();
  return world.readProxyFiles();
})();

const nameOf: Readonly<Record<string, string>> = {
  [addresses.forge]: names.forge,
  [addresses.api]: names.api,
};

/** What reached the cloud, or reached the forge by another name than its own. */
const attemptByProxy = async ({ as = 'runner', command, lie }: ProxyWay) => {
  await world.tellResolver(lie ? 'lie' : 'truth');
  await quiet();
  const said = await world.say(as, command);
  await sleep(50);
  await world.tellResolver('truth');
  const astray = world.hellos.filter((hello) => {
    const [, address = '', ...name] = hello.split(' ');
    return nameOf[address] !== name.join(' ');
  });
  return { escaped: world.counts().cloud + astray.length, said: said.slice(0, 400) };
};

test('addresses that are not understood: the rules of the night are loaded, with none', (t) => {
  const conf = '/etc/pantheon/egress.conf';
  const before = readFileSync(conf, 'utf8');
  t.teardown(() => writeFileSync(conf, before));
  spawnSync('nft', ['delete', 'table', 'inet', 'pantheon']);
  inPlace = 'none';
  writeFileSync(conf, 'resolver everybody\n');
  t.throws(() => world.load('day'), { message: /are loaded without addresses/ });
  const { stdout } = spawnSync('nft', ['list', 'table', 'inet', 'pantheon'], { encoding: 'utf8' });
  t.regex(stdout, /comment "night"/);
  t.notRegex(stdout, /elements/);
});

test('doctor: rules and proxy are as they should be, and a rule that is missing is a fault', async (t) => {
  prepare('night');
  const doctor = 'runner-setup/doctor.sh';
  const { stdout } = spawnSync(doctor, { cwd: root, encoding: 'utf8' });
  t.deepEqual(
    stdout.split('\n').filter((line) => /^FAULT .*(?:rule|proxy|user)/.test(line)),
    [],
  );
  t.regex(stdout, /ok +rules: those of the night are loaded/);
  t.regex(stdout, /ok +proxy: it listens on 127\.0\.0\.1:3128, as pantheon-proxy/);
  t.regex(stdout, /counted: runner_dropped \d+ packets/);
  world.weaken({ marks: true });
  inPlace = 'weakened';
  t.regex(
    spawnSync(doctor, { cwd: root, encoding: 'utf8' }).stdout,
    /FAULT +rules: connections of closed/,
  );
  prepare('day');
  t.regex(
    spawnSync(doctor, { cwd: root, encoding: 'utf8' }).stdout,
    /rules: those of the day are loaded/,
  );
  spawnSync('nft', ['delete', 'table', 'inet', 'pantheon']);
  inPlace = 'none';
  const without = spawnSync(doctor, { cwd: root, encoding: 'utf8' });
  t.is(without.status, 1);
  t.regex(without.stdout, /FAULT +no rules are loaded/);
});

test('the proxy as it ships starts', async (t) => {
  prepare('night');
  world.writeProxyFiles(shipped);
  await t.notThrowsAsync(world.startProxy());
});
for (const [title, way] of Object.entries(waysByProxy)) {
  test(`by the proxy: ${title}: nothing`, async (t) => {
    const { escaped, said } = await attemptByProxy(way);
    t.is(escaped, 0, said);
  });
}
test('the proxy takes other names and addresses when it is told to read them again', async (t) => {
  const line = new RegExp(`^.* ${names.forge}$`, 'm');
  world.writeProxyFiles({ ...shipped, names: shipped.names.replace(line, '') });
  await world.reloadProxy();
  const curl = 'curl --silent --insecure --max-time 2 --proxy http://127.0.0.1:3128';
  t.is(await world.say('runner', `${curl} https://${names.api}/`), 'forge\n');
  t.not(await world.say('runner', `${curl} https://${names.forge}/`), 'forge\n');
  world.writeProxyFiles(shipped);
  await world.reloadProxy();
  t.is(await world.say('runner', `${curl} https://${names.forge}/`), 'forge\n');
});

for (const [title, way] of Object.entries(waysByProxy)) {
  test(`by the proxy: ${title}: something without the protection`, async (t) => {
    world.writeProxyFiles(way.without(shipped));
    await world.startProxy();
    prepare('night', way.open && { accept: 'proxy' });
    const { escaped, said } = await attemptByProxy(way);
    t.true(escaped > 0, said);
  });
}
