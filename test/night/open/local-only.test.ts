// SPDX-License-Identifier: GPL-3.0-only
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { listening, socketTricks } from '../../boundary/socket-tricks.ts';
import { tricks } from '../../boundary/tricks.ts';
import { asked, connectedTo } from '../../engine/wire/ways-out.ts';
import { setProxies } from '../../engine/wire/with-proxies.ts';
import { bait } from '../../engine/wire/with-server.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { asPeopleDo } from '../support/as-people-do.ts';
import { tinyConfig, tinyFlow, tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

/*
 * Nights whose profile names an engine that is elsewhere, by every trick there is: each spec ends
 * red, no resolver is asked, nothing is connected to, and nothing arrives at what listens.
 */

const isRoot = process.getuid?.() === 0;

const circle = (folder: string): string => {
  symlinkSync('a', join(folder, 'b'));
  symlinkSync('b', join(folder, 'a'));
  return 'a';
};
const usable = [
  ...Object.entries(socketTricks).filter(([, [, , asRoot]]) => isRoot || !asRoot),
  ['links in a circle', [circle, /links lead in a circle/]] as const,
];
const left = Object.keys(socketTricks).length + 1 - usable.length;
if (left > 0) test.skip(`${left} tricks with other users (need root)`, (t) => t.pass());

/** Paths that are refused as they are written. */
const paths: readonly (readonly [title: string, path: string, says: RegExp])[] = [
  ['an abstract socket', '@engine', /abstract/],
  ['a path from the working folder on', 'run/x.sock', /not an absolute path/],
  ['the home folder of a shell', '~/x.sock', /not an absolute path/],
];

type Trick = { readonly title: string; readonly endpoint: string; readonly says: RegExp };

/** A flow of its own for each trick, one node of which is bound to it. */
const houseOf = (all: readonly Trick[]): Files => {
  const bindings = all.map(({ endpoint }, index) => {
    const engine = index % 2 === 0 ? 'vllm' : 'ollama';
    return `    case-${index}: { engine: ${engine}, model: tiny, ${endpoint} }\n`;
  });
  const flows = all.flatMap((_, index): [string, string][] => [
    [
      `flows/flow-${index}.yaml`,
      tinyFlow()
        .replace('name: tiny', `name: flow-${index}`)
        .replaceAll(/\bwork\b/g, `case-${index}`),
    ],
    [`specs/case-${index}.yaml`, tinySpec(`box-${index}/`, `flow: flow-${index}\n`)],
    [`box-${index}/a.txt`, 'a\n'],
  ]);
  return { ...Object.fromEntries(flows), 'pantheon.yaml': tinyConfig('', bindings.join('')) };
};

const count = tricks.length + paths.length + usable.length;

test.serial(`a night refuses ${count} tricks before a byte is sent`, async (t) => {
  t.true(count >= 25);
  const [server, proxy] = await Promise.all([bait(t), bait(t)]);
  const sockets = await Promise.all(usable.map(() => listening(t)));
  setProxies(t, proxy.port);
  const all: readonly Trick[] = [
    ...tricks.map(([title, url, says]) => ({
      title,
      endpoint: `url: ${JSON.stringify(url.replaceAll('PORT', String(server.port)))}`,
      says,
    })),
    ...paths.map(([title, path, says]) => ({ title, endpoint: `socket: "${path}"`, says })),
    ...usable.map(([title, [spoil, says]], index) => {
      const folder = sockets[index]?.folder ?? '';
      return { title, endpoint: `socket: ${JSON.stringify(join(folder, spoil(folder)))}`, says };
    }),
  ];
  const house = await makeHouse(t, houseOf(all));
  const [askedBefore, connectedBefore] = [asked.length, connectedTo.length];
  const { spec } = await house.night(asPeopleDo);
  for (const [index, { title, says }] of all.entries()) {
    const { outcome, reason } = spec(`case-${index}`);
    t.is(outcome, 'red-bin', title);
    t.regex(
      reason,
      new RegExp(`^engine: pantheon\\.yaml: profiles\\.tiny\\.case-${index}\\.(?:url|socket): `),
      title,
    );
    t.regex(reason, says, title);
  }
  t.deepEqual(asked.slice(askedBefore), [], 'no resolver was asked');
  t.deepEqual(connectedTo.slice(connectedBefore), [], 'nothing was connected to');
  t.deepEqual(server.arrived(), { connections: 0, bytes: 0 });
  t.deepEqual(proxy.arrived(), { connections: 0, bytes: 0 });
  t.deepEqual(
    sockets.map(({ arrived }) => arrived()),
    sockets.map(() => 0),
  );
});
