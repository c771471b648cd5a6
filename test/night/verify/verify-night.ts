// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { nightEnd } from '../../../src/night/record/night-schemas.ts';
import { type VerifiedNight, verifyNight } from '../../../src/night/verify/verify-night.ts';
import type { BundleAddress, BundleFiles } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { signEnvelope } from '../../../src/trace/sign/dsse.ts';
import { keyFolder, openSigner, readKeys, rotateKey } from '../../../src/trace/sign/key-folder.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse, readJson } from '../support/with-night.ts';

const shared = wholeFile();

/** A night with two pull requests and a red bin. */
const worked = (async () => {
  const house = await makeHouse(shared, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b\n',
    'specs/two.yaml': tinySpec('cup/'),
    'cup/a.txt': 'REJECT-A no\n',
  });
  return { house, night: await house.night() };
})();

/** A copy of that night, with what somebody changes in it. */
const copyOf = async (t: ExecutionContext): Promise<string> => {
  const { folder } = (await worked).night;
  const copy = join(temporaryFolder(t), basename(folder));
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const keys = () => readKeys(keyFolder());

const told = ({ changed }: VerifiedNight): readonly string[] =>
  changed.map(({ what, how }) => `${what} ${how}`);

/** Writes a spec's pack anew, with other contents of one bundle, sealed as Pantheon would seal it. */
const reseal = (
  folder: string,
  of: BundleAddress,
  change: (files: BundleFiles) => BundleFiles | undefined,
): void => {
  const traces = openTraces(folder);
  const bundles = traces.list(of.spec).map((address) => traces.read(address));
  rmSync(join(folder, of.spec, 'bundles.zip'));
  const anew = openTraces(folder);
  for (const bundle of bundles) {
    if (!bundle) continue;
    const { address, files, facts } = bundle;
    const isIt = address.unit === of.unit && address.node === of.node;
    const changed = isIt ? change(files) : files;
    if (changed) anew.write(address, changed, facts);
  }
  anew.pack(of.spec);
};

const edit = (folder: string, name: string, change: (text: string) => string): void =>
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8')));

const unitOf = (folder: string): string =>
  openTraces(folder)
    .list('one')
    .find(({ unit }) => unit.startsWith('box-a'))?.unit ?? '';

test('a night is as it was signed', async (t) => {
  const folder = await copyOf(t);
  const verified = await verifyNight(folder, keys());
  t.deepEqual(told(verified), []);
  t.is(verified.keyid, keys().find(({ retired }) => retired === undefined)?.keyid);
  const traces = openTraces(folder);
  t.is(verified.bundles, traces.specs().flatMap((spec) => traces.list(spec)).length);
  t.is((await worked).night.summary.counts.pullRequests, 1);
});

const at = (folder: string, node: string): BundleAddress => ({
  spec: 'one',
  unit: node === 'merge' || node === 'plan' ? '_spec' : unitOf(folder),
  node,
});

const approve = (text = '{}'): string => JSON.stringify({ ...JSON.parse(text), verdict: 'reject' });

type Change = readonly [
  change: (folder: string) => void,
  /** Each must be told; nothing else may be. */
  told: readonly RegExp[],
];

const changes: Readonly<Record<string, Change>> = {
  'the settings in night.json': [
    (folder) =>
      edit(folder, 'night.json', (text) => text.replace('"recall": 0.9', '"recall": 0.1')),
    [/^night\.json is not as it was signed$/],
  ],
  'the attestation in night.json': [
    (folder) =>
      edit(folder, 'night.json', (text) =>
        JSON.stringify({ ...JSON.parse(text), attestation: { probes: [], missing: [] } }),
      ),
    [/^night\.json is not as/, /^night\.json has another attestation than was signed$/],
  ],
  'the exams in terms.json': [
    (folder) =>
      edit(folder, 'terms.json', (text) =>
        text.replace(/"falseApprovals": \d+/, '"falseApprovals": 7'),
      ),
    [/^terms\.json is not as/, /^terms\.json has other exam results than were signed$/],
  ],
  'the report': [
    (folder) => edit(folder, 'report.md', (text) => `${text}All is well.\n`),
    [/^report\.md is not as it was signed$/],
  ],
  'the summary taken away': [
    (folder) => rmSync(join(folder, 'summary.json')),
    [/^summary\.json is missing$/],
  ],
  'a line of the journal': [
    (folder) =>
      edit(folder, 'journal.jsonl', (text) => text.replace('"red-bin"', '"pull-request"')),
    [/^journal\.jsonl is not as it was signed$/],
  ],
  'a bundle’s bytes': [
    (folder) => {
      const file = join(folder, 'one/bundles.zip');
      const bytes = readFileSync(file);
      const from = bytes.indexOf('review.json') + 'review.json'.length + 20;
      bytes.writeUInt8(bytes.readUInt8(from) ^ 1, from);
      writeFileSync(file, bytes);
    },
    [/^one\S* .*(?:altered|checksum)/, /was made from a bundle of .* that is not there|^one /],
  ],
  'a review, sealed anew': [
    (folder) =>
      reseal(folder, at(folder, 'reviewB'), (files) => ({
        ...files,
        'review.json': approve(files['review.json']),
      })),
    [
      /^one\/box-a\S*\/reviewB is not the bundle that was signed$/,
      /^journal\.jsonl:\d+ names another bundle of one\/box-a\S*\/reviewB$/,
      /^one\/_spec\/merge was made from a bundle of one\/box-a\S*\/reviewB that is not there$/,
      /^one the bundle of reviewB does not approve the patch of box-a/,
    ],
  ],
  'a bundle taken out': [
    (folder) => reseal(folder, at(folder, 'test'), () => undefined),
    [
      /^one\/box-a\S*\/test is missing$/,
      /^one\/box-a\S*\/reviewA was made from a bundle of/,
      /^one\/box-a\S*\/reviewB was made from a bundle of/,
      /^one\/_spec\/merge was made from a bundle of/,
      /^one one\/box-a\S*\/test left no bundle$/,
    ],
  ],
  'a bundle put in': [
    (folder) => {
      const traces = openTraces(folder);
      const merge = traces.read(at(folder, 'merge'));
      if (merge)
        openTraces(folder, { pack: 'more' }).write(
          { ...at(folder, 'merge'), node: 'more' },
          {},
          merge.facts,
        );
    },
    [/^one\/_spec\/more was added since the night was signed$/],
  ],
  'a spec’s bundles taken away': [
    (folder) => rmSync(join(folder, 'two'), { recursive: true }),
    [/^two\/\S+ is missing$/],
  ],
  'what the pull request says': [
    (folder) =>
      edit(folder, 'one/pull-request/pull-request.json', (text) => text.replace('Say', 'Do')),
    [/^one\/pull-request\/pull-request\.json is not what the gate wrote$/],
  ],
  'the signature taken away': [
    (folder) => rmSync(join(folder, 'signature.json')),
    [/^signature\.json is missing/],
  ],
  'the signature by nobody': [
    (folder) =>
      edit(folder, 'signature.json', (text) =>
        JSON.stringify({ ...JSON.parse(text), signatures: [] }),
      ),
    [/^signature\.json is not by any of the \d+ keys that count; it says that nobody signed$/],
  ],
  'the signature’s text': [
    (folder) => writeFileSync(join(folder, 'signature.json'), '{}'),
    [/^signature\.json is not the signature of a night$/],
  ],
};

for (const [what, [change, patterns]] of Object.entries(changes)) {
  test(`${what} is named`, async (t) => {
    const folder = await copyOf(t);
    change(folder);
    const lines = told(await verifyNight(folder, keys()));
    t.true(lines.length > 0);
    const untold = patterns.filter((pattern) => !lines.some((line) => pattern.test(line)));
    t.deepEqual([untold.map(String), untold.length > 0 ? lines : []], [[], []]);
    const others = lines.filter((line) => !patterns.some((pattern) => pattern.test(line)));
    t.deepEqual(others, []);
  });
}

test('what somebody signs with a key of their own is not signed', async (t) => {
  const folder = await copyOf(t);
  const { payload } = readJson(folder, 'signature.json') as { readonly payload: string };
  const value = JSON.parse(Buffer.from(payload, 'base64').toString());
  const mine = openSigner(temporaryFolder(t));
  const type = 'application/vnd.in-toto+json';
  writeFileSync(join(folder, 'signature.json'), signEnvelope(value, type, mine));
  t.regex(
    told(await verifyNight(folder, keys())).join(),
    /is not by any of the \d+ keys that count/,
  );
});

test('a night under the name of another is named', async (t) => {
  const folder = await copyOf(t);
  const other = join(folder, '../2026-11-09');
  renameSync(folder, other);
  const lines = told(await verifyNight(other, keys()));
  t.true(lines.includes('signature.json is that of night 2026-11-01'));
});

test.serial('signed again after a crash before its end, a night has the same bytes', async (t) => {
  const { house, night } = await worked;
  const signature = join(night.folder, 'signature.json');
  const before = readFileSync(signature);
  const end = `${JSON.stringify(nightEnd)}\n`;
  edit(night.folder, 'journal.jsonl', (text) => text.replace(end, ''));
  rmSync(signature);
  await house.night({ resume: true });
  t.true(readFileSync(signature).equals(before));
  t.deepEqual(told(await verifyNight(night.folder, keys())), []);
});

test('a retired key has signed what it signed, and signs no later night', async (t) => {
  const folder = await copyOf(t);
  const keysOf = temporaryFolder(t);
  cpSync(keyFolder(), keysOf, { recursive: true });
  rotateKey(keysOf);
  const after = readKeys(keysOf);
  t.is(after.length, keys().length + 1);
  t.deepEqual(told(await verifyNight(folder, after)), []);
  const early = after.map((key) => ({ ...key, retired: '2026-10-01T00:00:00Z' }));
  const lines = told(await verifyNight(folder, early));
  t.regex(lines.join(), /was retired at 2026-10-01T00:00:00Z, before/);
});
