// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addresses as a, names } from './addresses.ts';
import type { Privileges, ProxyFiles, User, Weakness } from './ways.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const state = '/var/lib/pantheon/egress';
const sender = '/opt/pantheon/test/runner-setup/send.pl';
const egress = '/opt/pantheon/runner-setup/egress.sh';

/** Runs a program to its end, within ten seconds. @throws with what it said where it failed. */
export const run = (command: string, args: readonly string[], input = ''): string => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
};

const sh = (script: string): string => run('bash', ['-euc', script]);

/** A network of this machine's own, as \`unshare --net\` makes it, has loopback and nothing else. */
const refuseRealMachine = (): void => {
  const links = run('ip', ['-br', 'link']).trim().split('\n');
  if (process.env.PANTHEON_APART !== 'yes' || links.length !== 1 || process.ppid > 1_000) {
    throw new Error(
      'this is made for namespaces that are thrown away; run bin/suites/runner-setup',
    );
  }
};

/** Installs into a staged root, and lays that over this namespace's own view of /etc, /var and /opt. */
const install = (folder: string): void => {
  mkdirSync(join(folder, 'stage/etc'), { recursive: true });
  for (const file of ['passwd', 'group'])
    copyFileSync(`/etc/${file}`, join(folder, `stage/etc/${file}`));
  run(join(root, 'runner-setup/install.sh'), ['--root', join(folder, 'stage'), '--no-home']);
  const hosts = [names.forge, names.api].map((name) => `host ${name}`).join('\n');
  writeFileSync(
    join(folder, 'stage/etc/pantheon/egress.conf'),
    `resolver ${a.resolver}\n${hosts}\n`,
  );
  sh(`cd ${folder}
    for top in etc var opt; do
      mkdir -p upper/$top work/$top
      mount -t overlay overlay -o lowerdir=/$top,upperdir=upper/$top,workdir=work/$top /$top
    done
    cp -a stage/etc/. /etc/
    cp -a stage/var/. /var/
    mkdir -p /opt/pantheon /var/log/pantheon-proxy
    mount --bind ${root} /opt/pantheon
    chown pantheon-proxy /var/log/pantheon-proxy`);
};

const counting = `table netdev outside {
  counter neighbours { }
  counter forge { }
  counter resolver { }
  counter cloud { }
  chain arriving {
    type filter hook ingress device cloud priority 0;
    ether type arp counter name neighbours accept
    icmpv6 type { 130, 131, 132, 133, 134, 135, 136, 143 } counter name neighbours accept
    ip daddr { ${a.forge}, ${a.api} } tcp dport 443 counter name forge accept
    ip daddr ${a.resolver} meta l4proto { tcp, udp } th dport 53 counter name resolver accept
    counter name cloud
  }
}`;

const openOutside = async (folder: string) => {
  sh(`cd ${folder}; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -keyout key.pem -out cert.pem -subj /CN=forge -addext 'subjectAltName=DNS:${names.forge},DNS:${names.api}' 2>/dev/null`);
  const child = spawn(
    'unshare',
    ['--net', '--', 'bash', '-c', 'echo; read; exec "$@"', 'bash', process.execPath]
      .concat('--disable-warning=ExperimentalWarning', join(root, 'test/runner-setup/outside.ts'))
      .concat(join(folder, 'key.pem'), join(folder, 'cert.pem')),
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  const inside = ['nsenter', '-t', String(child.pid), '-n'].join(' ');
  sh(`ip link set lo up
    echo 0 2147483647 >/proc/sys/net/ipv4/ping_group_range
    ip link add box type veth peer name cloud netns ${child.pid}
    ip addr add ${a.box}/24 dev box; ip addr add ${a.box6}/64 dev box nodad; ip link set box up
    ${inside} bash -euc '
      ip link set lo up
      for address in ${a.gateway}/24 ${a.forge} ${a.api} ${a.resolver} ${a.cloud} ${a.otherResolver} ${a.metadata} ${a.lan}; do
        ip addr add $address dev cloud; done
      for address in fe80::1/64 ${a.gateway6}/64 ${a.cloud6} ${a.forge6}; do ip addr add $address dev cloud nodad; done
      ip link set cloud up'
    ip route add default via ${a.gateway}; ip -6 route add default via ${a.gateway6}`);
  run('nsenter', ['-t', String(child.pid), '-n', 'nft', '-f', '-'], counting);
  child.stdin?.write('\n');
  const [, , mac = ''] = sh(`${inside} ip -br link show cloud`).trim().split(/\s+/);
  return { child, mac };
};

/** Servers of other users on this machine, which would pass on what they get: a resolver and a proxy. */
const openRelays = async (): Promise<void> => {
  const resolver = createSocket('udp4');
  const upstream = createSocket('udp4').unref();
  resolver.on('message', (query) => upstream.send(query, 53, a.otherResolver));
  resolver.bind(53, '127.0.0.53').unref();
  await once(resolver, 'listening');
  for (const host of ['0.0.0.0', '::1']) {
    const relay = createServer((client) => {
      client.on('error', () => {});
      client.pipe(connect(80, a.cloud).on('error', () => {}));
    });
    relay.listen(8080, host).unref();
    await once(relay, 'listening');
  }
};

const asUser = (user: User, privileges?: Privileges): readonly string[] => {
  const identity = [`--reuid=pantheon-${user}`, `--regid=pantheon-${user}`, '--clear-groups'];
  if (privileges === 'raw') return [...identity, '--inh-caps=+net_raw', '--ambient-caps=+net_raw'];
  if (privileges === 'setuid') return identity;
  return [...identity, '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
};

export const proxyFiles = {
  conf: '/etc/pantheon/proxy/squid.conf',
  names: `${state}/names.conf`,
  tunnels: `${state}/tunnels.conf`,
  hosts: `${state}/hosts`,
} as const satisfies ProxyFiles;

/** Builds the machine under test and all that is outside of it; the end of this pid namespace ends both. */
export const openWorld = async () => {
  refuseRealMachine();
  // Its own /run, so that nothing is left of it.
  const folder = '/run/pantheon-test';
  sh(`mount --make-rprivate /; mount -t tmpfs -o mode=755 tmpfs /run; mkdir ${folder}`);
  install(folder);
  const { child, mac } = await openOutside(folder);
  const hellos: string[] = [];
  const lines = createInterface({ input: child.stdout! });
  let heard = (_line: string): void => {};
  const isReady = new Promise<void>((resolve) => {
    heard = (line) => {
      if (line.startsWith('hello ')) hellos.push(line);
      else resolve();
    };
  });
  lines.on('line', (line) => heard(line));
  await isReady;
  await openRelays();
  copyFileSync(process.execPath.replace(/.*/, '/usr/bin/perl'), join(folder, 'perl'));
  chmodSync(join(folder, 'perl'), 0o4755);
  const prelude = `sub mac { '${mac}' } sub setuid_perl { '${folder}/perl' }
    sub device { ${run('ip', ['-o', 'link', 'show', 'box']).split(':')[0]} } use POSIX (); `;
  const outside = ['-t', String(child.pid), '-n'];

  const load = (rules: 'night' | 'day'): string => run(egress, [rules]);
  const counters = (verb: 'list' | 'reset'): string =>
    run('nsenter', [...outside, 'nft', verb, 'counters', 'table', 'netdev', 'outside']);
  const reset = (): void => {
    counters('reset');
    hellos.length = 0;
  };
  const counts = (): Readonly<Record<'cloud' | 'forge' | 'resolver', number>> => {
    const listing = counters('list');
    const count = (name: string): number => {
      const packets = new RegExp(`counter ${name} \\{\\s+packets (\\d+)`).exec(listing)?.[1];
      if (packets === undefined) throw new Error(`nft lists no counter ${name}:\n${listing}`);
      return Number(packets);
    };
    return { cloud: count('cloud'), forge: count('forge'), resolver: count('resolver') };
  };
  /** Packets that reach the outside within a second, as nft traces them. */
  const traceArrivals = (): string =>
    run('nsenter', [
      ...[...outside, 'bash', '-c'],
      `nft insert rule netdev outside arriving meta nftrace set 1
      timeout 1 nft monitor trace | grep ' packet: ' | head -n 20`,
    ]);
  /** As a user of the machine; `away` is what is taken from its protection. */
  const start = (user: User, command: readonly string[], privileges?: Privileges): ChildProcess =>
    spawn('setpriv', [...asUser(user, privileges), '--', 'timeout', '4', ...command], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const send = (user: User, expression: string, privileges?: Privileges): ChildProcess =>
    start(user, ['/usr/bin/perl', sender, prelude + expression], privileges);
  const sendFromOutside = (expression: string): ChildProcess =>
    spawn('nsenter', [...outside, 'timeout', '4', '/usr/bin/perl', sender, prelude + expression], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });

  const sendAsRoot = (expression: string): ChildProcess =>
    spawn('/usr/bin/perl', [sender, prelude + expression], { stdio: 'ignore' });
  /** What a command of bash says, on both streams. */
  const say = async (user: User, command: string): Promise<string> => {
    const child = start(user, ['/bin/bash', '-c', `exec 2>&1; ${command}`]);
    const [said] = await Promise.all([text(child.stdout!), once(child, 'close')]);
    return said;
  };

  const weaken = (weakness: Weakness): void => {
    if ('accept' in weakness)
      run('nft', ['insert', 'rule', 'inet', 'pantheon', weakness.accept, 'accept']);
    if ('marks' in weakness) {
      const listing = run('nft', ['-a', 'list', 'chain', 'inet', 'pantheon', 'output']);
      for (const [, handle = ''] of listing.matchAll(/\tct mark 0x\S+ goto .* # handle (\d+)/g)) {
        run('nft', ['delete', 'rule', 'inet', 'pantheon', 'output', 'handle', handle]);
      }
    }
  };

  let proxy: ChildProcess | undefined;
  const stopProxy = async (): Promise<void> => {
    const squid = proxy;
    proxy = undefined;
    if (squid === undefined || squid.exitCode !== null) return;
    squid.kill('SIGKILL');
    await once(squid, 'close');
  };
  /** Squid as its unit starts it, by the files that are in place. */
  const startProxy = async (): Promise<void> => {
    await stopProxy();
    const squid = [...asUser('proxy'), '--', '/usr/sbin/squid', '-N', '-f', proxyFiles.conf];
    const shm = 'mount -t tmpfs -o mode=1777 tmpfs /dev/shm; exec setpriv "$@"';
    const apart = ['--mount', '--propagation', 'private', 'bash', '-euc', shm, 'bash'];
    proxy = spawn('unshare', [...apart, ...squid], { stdio: 'ignore' });
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (run('ss', ['-Hltn', 'sport = :3128']).trim() !== '') return;
      await sleep(50);
    }
    throw new Error(
      `the proxy does not listen:\n${readFileSync('/var/log/pantheon-proxy/squid.log', 'utf8')}`,
    );
  };
  /** As the unit's ExecReload does. */
  const reloadProxy = async (): Promise<void> => {
    proxy?.kill('SIGHUP');
    await sleep(1_000);
  };
  const pin = (): string => run(egress, ['pin']);
  const readProxyFiles = (): ProxyFiles => ({
    conf: readFileSync(proxyFiles.conf, 'utf8'),
    names: readFileSync(proxyFiles.names, 'utf8'),
    tunnels: readFileSync(proxyFiles.tunnels, 'utf8'),
    hosts: readFileSync(proxyFiles.hosts, 'utf8'),
  });
  const writeProxyFiles = (files: ProxyFiles): void => {
    for (const [key, text] of Object.entries(files)) {
      writeFileSync(proxyFiles[key as keyof ProxyFiles], text);
    }
  };
  /** Whether the resolver leads the forge's names to the cloud from now on. */
  const tellResolver = async (how: 'truth' | 'lie'): Promise<void> => {
    const isTold = new Promise<void>((resolve) => {
      heard = (line) => {
        if (line.startsWith('hello ')) hellos.push(line);
        else resolve();
      };
    });
    child.stdin?.write(`${how === 'lie' ? 'lie' : 'truth'}\n`);
    await isTold;
  };
  const close = async (): Promise<void> => {
    await stopProxy();
    child.kill('SIGKILL');
  };
  return {
    ...{
      folder,
      load,
      reset,
      counts,
      traceArrivals,
      hellos,
      say,
      send,
      sendAsRoot,
      sendFromOutside,
      weaken,
      pin,
      close,
    },
    ...{ startProxy, reloadProxy, readProxyFiles, writeProxyFiles, tellResolver },
  };
};
