// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import { judgeAddresses, readSettings, type Settings } from '../../runner-setup/pin.ts';

const understood = test.macro({
  exec(t: ExecutionContext, text: string, hosts: Settings['hosts']) {
    t.deepEqual(readSettings(text).hosts, hosts);
  },
  title: (_, text) => `read: ${text.trim()}`,
});

test(understood, 'host github.com # the forge', [
  { name: 'github.com', addresses: [], networks: [] },
]);
test(understood, 'host git.example.com 192.0.2.7 2001:db8::7', [
  { name: 'git.example.com', addresses: ['192.0.2.7', '2001:db8::7'], networks: [] },
]);
test(understood, 'host github.com 140.82.112.0/20 2a0a:a440::/29', [
  { name: 'github.com', addresses: [], networks: ['140.82.112.0/20', '2a0a:a440::/29'] },
]);

const refused = test.macro({
  exec(t: ExecutionContext, text: string, message: RegExp) {
    t.throws(() => readSettings(text), { message });
  },
  title: (_, text) => `refused: ${JSON.stringify(text)}`,
});

test(refused, '', /names no host/);
test(refused, 'resolver dns.example.com', /line 1: a resolver is one address/);
test(refused, 'host *.github.com', /is not a name/);
test(refused, 'host GitHub.com', /is not a name/);
test(refused, 'host 192.0.2.7', /is not a name/);
test(refused, 'host github.com;', /is not a name/);
test(refused, 'host github.com 192.0.2.256', /is not an address/);
test(refused, 'host github.com 192.0.2.0/33', /is not a network/);
test(refused, 'host github.com 192.0.2.1 192.0.2.0/24', /addresses or networks, not both/);
test(refused, 'host github.com\nallow evil.example', /line 2: "allow" is neither/);

const judged = test.macro({
  exec(
    t: ExecutionContext,
    networks: readonly string[],
    addresses: readonly string[],
    message?: RegExp,
  ) {
    const result = judgeAddresses({ name: 'github.com', addresses: [], networks }, addresses);
    if (message === undefined) t.deepEqual(result, addresses);
    else t.regex((result as Error).message, message);
  },
  title: (_, networks, addresses, _message?: RegExp) =>
    `an answer of DNS: ${addresses} in ${networks}`,
});

test(judged, [], ['140.82.121.4', '2606:50c0:8000::153']);
test(judged, ['140.82.112.0/20'], ['140.82.121.4']);
test(judged, ['10.0.0.0/8'], ['10.1.2.3']);
test(judged, ['140.82.112.0/20'], ['140.82.121.4', '140.82.128.1'], /in none of/);
test(judged, [], [], /no address/);
for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.1.1', '224.0.0.251']) {
  test(judged, [], [address], /local network/);
}
for (const address of [
  '::1',
  '::ffff:10.1.2.3',
  'fe80::1',
  'fd00::1',
  'ff02::fb',
  '64:ff9b::a01:203',
]) {
  test(judged, [], [address], /local network/);
}
