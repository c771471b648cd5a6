// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

/* What install.sh writes, into staged roots; what doctor.sh says of them; what systemd and shellcheck say. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pantheon-staged-'));
test.after.always(() => rmSync(folder, { recursive: true }));

const run = (command: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, said: `${stdout}${stderr}` };
};
const install = (...args: readonly string[]) => run(join(root, 'runner-setup/install.sh'), args);
const doctor = (...args: readonly string[]) => run(join(root, 'runner-setup/doctor.sh'), args);

let stages = 0;
const stage = (release = 'ID=debian\nVERSION_ID="12"'): string => {
  stages += 1;
  const path = join(folder, String(stages));
  mkdirSync(join(path, 'etc'), { recursive: true });
  writeFileSync(join(path, 'etc/os-release'), `${release}\n`);
  return path;
};
/** Every file with its contents. */
const tree = (path: string) =>
  globSync('**', { cwd: path, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [file, readFileSync(file, 'latin1')] as const);

test('shellcheck has nothing to say', (t) => {
  const scripts = [
    ...globSync(join(root, 'runner-setup/*.sh')),
    join(root, 'bin/suites/runner-setup'),
  ];
  t.deepEqual(run('shellcheck', ['--external-sources', ...scripts]), { status: 0, said: '' });
});

test('installing again changes nothing, and keeps what a person wrote', (t) => {
  const path = stage();
  const options = ['--root', path, '--no-home', '--runners', '2', '--engine', 'vllm'];
  t.is(install(...options).status, 0);
  writeFileSync(join(path, 'etc/pantheon/egress.conf'), 'host git.example.com\n');
  const before = tree(path);
  const { status, said } = install(...options);
  t.is(status, 0);
  t.notRegex(said, /^ {2}\/etc/m);
  t.deepEqual(tree(path), before);
});

test('--dry-run says the steps and changes nothing', (t) => {
  const path = stage();
  const before = tree(path);
  const { status, said } = install('--root', path, '--no-home', '--dry-run');
  t.is(status, 0);
  t.regex(said, /would run: install .*pantheon-runner@\.service/);
  t.deepEqual(tree(path), before);
});

test('--uninstall takes away what was written, and leaves settings and users', (t) => {
  const path = stage();
  t.is(install('--root', path, '--no-home', '--runners', '1').status, 0);
  const { status } = install('--root', path, '--uninstall');
  t.is(status, 0);
  const left = tree(path).map(([file]) => file.slice(path.length + 1));
  t.deepEqual(
    left.filter((file) => /systemd|squid|sysusers|tmpfiles|unused\.pem/.test(file)),
    [],
  );
  t.true(left.includes('etc/pantheon/egress.conf') && left.includes('etc/passwd'));
});

const stops = test.macro({
  exec(
    t: ExecutionContext,
    args: readonly string[],
    status: number,
    message: RegExp,
    release?: string,
  ) {
    const path = stage(release);
    writeFileSync(join(path, 'etc/subuid'), args.includes('subuid') ? 'pantheon-runner:1:9\n' : '');
    const options = args.filter((arg) => arg !== 'subuid');
    const result = install('--root', path, '--no-home', ...options);
    t.is(result.status, status);
    t.regex(result.said, message);
  },
  title: (_, args, status, __, release = '') =>
    `stops with ${status}: ${args.join(' ')} ${release}`,
});

test(stops, ['--fast'], 2, /"--fast" is not an option/);
test(stops, ['--runners', 'many'], 2, /write a number/);
test(stops, ['--engine', 'cloud'], 2, /write vllm or ollama/);
test(stops, ['--root', '/nowhere'], 2, /write the path of a folder/);
test(stops, [], 3, /neither Debian nor Ubuntu/, 'ID=fedora\nVERSION_ID=42');
test(stops, [], 3, /too old/, 'ID=ubuntu\nVERSION_ID="22.04"');
test(stops, ['subuid'], 1, /subordinate ids/);

test('Ubuntu 24.04 gets the profile for bubblewrap', (t) => {
  const path = stage('ID=ubuntu\nVERSION_ID="24.04"');
  mkdirSync(join(path, 'etc/apparmor.d/abi'), { recursive: true });
  writeFileSync(join(path, 'etc/apparmor.d/abi/4.0'), '');
  t.is(install('--root', path, '--no-home').status, 0);
  t.regex(readFileSync(join(path, 'etc/apparmor.d/bwrap'), 'utf8'), /profile bwrap .*\n\s+userns,/);
});

const units = globSync(join(root, 'runner-setup/systemd/*')).map((file) => basename(file));

/** Units as installed, with empty programs in the place of those that this machine does not have. */
const verify = (change = 'true') =>
  run('unshare', [
    ...['--mount', '--propagation', 'private', 'bash', '-euc'],
    `mount -t tmpfs tmpfs /mnt; mkdir /mnt/{upper,work}
    for top in etc opt usr var; do
      mkdir -p /mnt/upper/$top /mnt/work/$top
      mount -t overlay overlay -o lowerdir=/$top,upperdir=/mnt/upper/$top,workdir=/mnt/work/$top /$top
    done
    cp ${root}/runner-setup/systemd/* /etc/systemd/system/
    for program in /opt/pantheon/runner-setup/{egress,jit}.sh /opt/pantheon/bin/pantheon /usr/local/bin/ollama /opt/vllm/bin/vllm /var/lib/pantheon-runner/runners/1/run.sh; do
      install -D /bin/true $program
    done
    cd /etc/systemd/system; ${change}
    systemd-analyze verify ${units.map((unit) => unit.replace('@.', '@1.')).join(' ')}`,
  ]);

test('systemd-analyze verify has nothing to say of the units', (t) => {
  t.deepEqual(verify(), { status: 0, said: '' });
  t.regex(verify('sed -i s/^User=/Usr=/ pantheon-proxy.service').said, /Unknown key/);
});

test('systemd-analyze security: runners and nights at most 3.5 of 10, all others at most 2.5', (t) => {
  const path = stage();
  t.is(install('--root', path, '--no-home').status, 0);
  const services = units.filter((unit) => unit.endsWith('.service'));
  t.true(services.length >= 10);
  for (const unit of services) {
    const most = /runner|night@/.test(unit) ? 35 : 25;
    const name = unit.replace('@.', '@1.');
    const options = ['--offline=true', `--threshold=${most}`, `--root=${path}`, '--no-pager'];
    const { status, said } = run('systemd-analyze', ['security', ...options, name]);
    t.is(status, 0, `${name}: ${said.trim().split('\n').at(-1)}`);
  }
});

test('doctor: a staged root without faults could not be looked at in full', (t) => {
  const path = stage();
  t.is(install('--root', path, '--no-home').status, 0);
  mkdirSync(join(path, 'opt/pantheon'), { recursive: true });
  const { status, said } = doctor('--root', path);
  t.is(status, 3, said);
  t.regex(said, /not looked at: the rules that are loaded/);
});

const faults: Readonly<Record<string, readonly [change: string, says: RegExp]>> = {
  'a unit that was changed': [
    'echo >>etc/systemd/system/pantheon-proxy.service',
    /pantheon-proxy\.service is missing, or not as/,
  ],
  'a proxy that was changed': ['echo >>etc/pantheon/proxy/squid.conf', /squid\.conf is not as/],
  'a file that others may write': ['chmod o+w etc/pantheon/egress.conf', /changed by others/],
  'a folder that others may write': ['chmod o+w etc/pantheon', /etc\/pantheon can be changed/],
  'a user with subordinate ids': ['echo pantheon-runner:1:9 >etc/subuid', /subordinate ids/],
  'a user in a group with rights': ['echo docker:x:7:pantheon-runner >>etc/group', /docker/],
  'a user who is missing': ['sed -i /pantheon-engine/d etc/passwd', /pantheon-engine is missing/],
  'a token that others may read': [
    'echo x >etc/pantheon/github-token; chmod 644 etc/pantheon/github-token',
    /github-token can be read/,
  ],
  'programs that others may write': ['touch opt/pantheon/x; chmod o+w opt/pantheon/x', /x can be/],
};
for (const [title, [change, says]] of Object.entries(faults)) {
  test(`doctor: ${title} is a fault`, (t) => {
    const path = stage();
    t.is(install('--root', path, '--no-home').status, 0);
    mkdirSync(join(path, 'opt/pantheon'), { recursive: true });
    t.is(run('bash', ['-euc', `cd ${path}; ${change}`]).status, 0);
    const { status, said } = doctor('--root', path);
    t.is(status, 1);
    t.regex(said, says);
  });
}

test('doctor: an option that is not one', (t) => {
  t.is(doctor('--fix').status, 2);
});
