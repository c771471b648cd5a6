// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import test from 'ava';
import { describeHost } from '../../src/boundary/attest/host.ts';
import type { HostCheck } from '../../src/boundary/attest/schema.ts';
import { acceptNight } from '../../src/night/publish/accept-night.ts';
import type { Night } from '../../src/night/record/night-schemas.ts';
import { confinedTest } from './with-bubblewrap.ts';

const look = `
const { lookAtHost } = await import(${JSON.stringify(new URL('../../src/boundary/attest/host.ts', import.meta.url).href)});
console.log(JSON.stringify(await lookAtHost()));`;

confinedTest('a machine without rules, proxy and network is told as that', (t) => {
  const said = execFileSync(
    'unshare',
    ['--user', '--map-root-user', '--net', process.execPath, '--input-type=module', '-e', look],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const checks: readonly HostCheck[] = JSON.parse(said);
  t.deepEqual(
    checks.map(({ what, outcome }) => [what, outcome]),
    [
      ['rules', 'absent'],
      ['proxy', 'absent'],
      ['no way past it', 'unseen'],
    ],
  );
  t.regex(describeHost(checks), /proxy: absent \(nothing listens at 127\.0\.0\.1:3128\); no way/);
});

test('a night must say of its machine what was seen outside', async (t) => {
  const host: readonly HostCheck[] = [{ what: 'rules', outcome: 'absent', detail: 'none' }];
  const begin = { kind: 'decide', startedAt: 'now', example: false, host } as never;
  const decided = { id: 'a', base: { commit: 'b' }, startedAt: 'now', example: false, specs: [] };
  const config = { commit: { sign: false } };
  const accept = (told: unknown) =>
    acceptNight(
      { begin, id: 'a' },
      { root: '/', head: 'b' },
      { ...decided, config, host: told } as unknown as Night,
      [],
    );
  await t.notThrowsAsync(accept(host));
  await t.throwsAsync(accept([{ ...host[0], outcome: 'present' }]), { message: /is not a, which/ });
  await t.throwsAsync(accept(undefined), { message: /is not a, which/ });
});
