// SPDX-License-Identifier: GPL-3.0-only
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { tricks } from '../../boundary/tricks.ts';
import { asked, connectedTo } from '../../engine/wire/ways-out.ts';
import { setProxies } from '../../engine/wire/with-proxies.ts';
import { bait, type Cleaning } from '../../engine/wire/with-server.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyFlow, tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

/*
 * Nights whose profile names an engine that is elsewhere, by every trick there is: each spec ends
 * red, no resolver is asked, nothing is connected to, and nothing arrives at what listens.
 */

const isRoot = process.getuid?.() === 0;

/** A folder with `x.sock`, on which somebody counts who comes. */
const listening = async (t: Cleaning) => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-socket-'));
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'x.sock'), resolve));
  t.teardown(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { folder, arrived: () => connections };
};

/** What is done to a folder with a socket, and the path in it that the profile then names. */
const socketTricks: readonly (readonly [
  title: string,
  spoil: (folder: string) => string,
  says: RegExp,
  asRoot?: true,
])[] = [
  ['an abstract socket', () => '@engine', /abstract/],
  ['a path from the working folder on', () => 'run/x.sock', /not an absolute path/],
  ['the home folder of a shell', () => '~/x.sock', /not an absolute path/],
  [
    'a link to a file',
    (folder) => {
      writeFileSync(join(folder, 'file'), '');
      symlinkSync('file', join(folder, 'link'));
      return join(folder, 'link');
    },
    /is a file and not a socket/,
  ],
  [
    'links in a circle',
    (folder) => {
      symlinkSync('a', join(folder, 'b'));
      symlinkSync('b', join(folder, 'a'));
      return join(folder, 'a');
    },
    /links lead in a circle/,
  ],
  [
    'a socket in a folder that everybody may change',
    (folder) => {
      chmodSync(folder, 0o777);
      return join(folder, 'x.sock');
    },
    /where every user can replace it/,
  ],
  [
    'a link into a folder that everybody may change',
    (folder) => {
      mkdirSync(join(folder, 'open'));
      symlinkSync('../x.sock', join(folder, 'open/link'));
      chmodSync(join(folder, 'open'), 0o777);
      return join(folder, 'open/link');
    },
    /where every user can replace it/,
  ],
  [
    "another user's socket",
    (folder) => {
      lchownSync(join(folder, 'x.sock'), 65_533, 65_533);
      return join(folder, 'x.sock');
    },
    /belongs to .*uid 65533/,
    true,
  ],
  [
    "a link to another user's socket",
    (folder) => {
      lchownSync(join(folder, 'x.sock'), 65_533, 65_533);
      symlinkSync('x.sock', join(folder, 'link'));
      return join(folder, 'link');
    },
    /belongs to .*uid 65533/,
    true,
  ],
  [
    "another user's link",
    (folder) => {
      symlinkSync('x.sock', join(folder, 'link'));
      lchownSync(join(folder, 'link'), 65_533, 65_533);
      return join(folder, 'link');
    },
    /reached through .*uid 65533/,
    true,
  ],
];

const usable = socketTricks.filter(([, , , asRoot]) => isRoot || !asRoot);
const left = socketTricks.length - usable.length;
if (left > 0) process.stderr.write(`skipped: ${left} tricks with other users (need root)\n`);

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

const count = tricks.length + usable.length;

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
    ...usable.map(([title, spoil, says], index) => ({
      title,
      endpoint: `socket: ${JSON.stringify(spoil(sockets[index]?.folder ?? ''))}`,
      says,
    })),
  ];
  const house = await makeHouse(t, houseOf(all));
  const [askedBefore, connectedBefore] = [asked.length, connectedTo.length];
  const { spec } = await house.night();
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
