// SPDX-License-Identifier: GPL-3.0-only
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { UserError } from '../../src/data/user-error.ts';
import {
  type BundleAddress,
  BundleFault,
  type BundleFiles,
  bundleFileNames,
  bundleLimits,
} from '../../src/trace/bundle.ts';
import { extractBundle } from '../../src/trace/extract-bundle.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { anyText } from '../data/any-text.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const facts = { night: 'n1', agent: 'doc.frontmatter@1.0.0', inputs: [] };
const address = { spec: 'tidy', unit: 'note-1', node: 'doc' };
const files: BundleFiles = { 'input.json': '{}', 'output.json': '{"status":"ok"}' };
const at = (unit: string, node: string): BundleAddress => ({ spec: 'tidy', unit, node });

const oddText = fc.oneof(
  fc.constant(''),
  fc.constant('\ufeffstarts with a mark\r\n\0'),
  anyText(300),
  fc
    .integer({ min: 1, max: 400 })
    .map((count) => 'PK\x03\x04 ⸻ 中文 \u{1f319}\n'.repeat(count * 10)),
);
const oddFiles = fc
  .dictionary(fc.constantFrom(...bundleFileNames), oddText, { noNullPrototype: true })
  .map((dictionary) => dictionary as BundleFiles);

test('what is written is read back, before and after packing, by who wrote it and by another', (t) => {
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}[a-z0-9_-]$/), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(names, fc.array(oddFiles, { minLength: 6, maxLength: 6 }), (units, contents) => {
      const night = temporaryFolder(t);
      const traces = openTraces(night);
      const written = units.map((unit, index) => {
        const bundle = { address: at(unit, 'doc'), files: contents[index] ?? {} };
        return { ...bundle, identity: traces.write(bundle.address, bundle.files, facts) };
      });
      const agrees = () => {
        for (const reader of [traces, openTraces(night)]) {
          for (const { address: where, files: what, identity } of written) {
            const { manifest, ...bundle } = reader.read(where) ?? { manifest: '' };
            t.deepEqual(bundle, { address: where, identity, facts, files: wellFormed(what) });
            t.true(manifest.includes('"signatures":[]'));
          }
          t.deepEqual(
            reader.list('tidy').map(({ unit }) => unit),
            [...units].sort(),
          );
        }
      };
      agrees();
      traces.pack('tidy');
      agrees();
    }),
    { numRuns: 40 },
  );
});

const wellFormed = (contents: BundleFiles): BundleFiles =>
  Object.fromEntries(Object.entries(contents).map(([name, text]) => [name, text.toWellFormed()]));

test('a megabyte takes the same way, deflated', (t) => {
  const night = temporaryFolder(t);
  const log = Array.from({ length: 40_000 }, (_, index) => `ok ${index} - ünïcode\n`).join('');
  openTraces(night).write(address, { 'tests.log': log }, facts);
  t.is(openTraces(night).read(address)?.files['tests.log'], log);
  t.true(readFileSync(join(night, 'tidy/bundles.zip')).length < log.length / 2);
});

test('the same work gives the same bytes', (t) => {
  const [first, second] = [0, 1].map(() => {
    const night = temporaryFolder(t);
    const traces = openTraces(night);
    traces.write(address, files, facts);
    traces.pack('tidy');
    return readFileSync(join(night, 'tidy/bundles.zip'));
  });
  t.deepEqual(first, second);
});

test('nothing there reads as absent', (t) => {
  const night = join(temporaryFolder(t), 'none');
  const traces = openTraces(night);
  t.is(traces.read(address), undefined);
  t.false(traces.has(address));
  t.deepEqual(traces.list('tidy'), []);
  t.deepEqual(traces.specs(), []);
  traces.pack('tidy');
  t.throws(() => extractBundle(night, address, join(night, 'out')), { instanceOf: UserError });
});

test('a bundle is never rewritten, wherever it is', (t) => {
  const night = temporaryFolder(t);
  openTraces(night, { pack: 'shard-1' }).write(address, files, facts);
  extractBundle(night, address, join(night, 'other/note-1/doc'));
  const second = openTraces(night, { pack: 'shard-2' });
  t.throws(() => second.write(address, files, facts), { message: /already written/ });
  second.write(at('note-2', 'doc'), files, facts);
  t.throws(() => second.write(at('note-2', 'doc'), files, facts), { message: /already written/ });
  t.throws(() => second.write({ ...address, spec: 'other' }, files, facts), {
    message: /already written/,
  });
});

test('packs of several processes and plain folders are one night', (t) => {
  const night = temporaryFolder(t);
  const [one, two] = ['shard-1', 'shard-2'].map((pack) => openTraces(night, { pack }));
  one?.write(at('a', 'doc'), files, facts);
  two?.write(at('b', 'doc'), files, facts);
  two?.pack('tidy');
  const apart = temporaryFolder(t);
  openTraces(apart).write(at('c', 'doc'), files, facts);
  extractBundle(apart, at('c', 'doc'), join(night, 'tidy/c/doc'));
  const reader = openTraces(night);
  t.deepEqual(
    reader.list('tidy').map(({ unit }) => unit),
    ['a', 'b', 'c'],
  );
  for (const unit of ['a', 'b', 'c']) t.deepEqual(reader.read(at(unit, 'doc'))?.files, files);
  t.deepEqual(reader.specs(), ['tidy']);
});

test('two copies must be the same bundle', (t) => {
  const night = temporaryFolder(t);
  openTraces(night).write(address, files, facts);
  extractBundle(night, address, join(night, 'tidy/note-1/doc'));
  t.truthy(openTraces(night).read(address));
  const apart = temporaryFolder(t);
  openTraces(apart).write(address, { 'output.json': '{}' }, facts);
  extractBundle(apart, address, join(night, 'tidy/note-1/doc'));
  t.throws(() => openTraces(night).read(address), { instanceOf: BundleFault, message: /twice/ });
});

test('a folder without its manifest reads as absent and can be written again', (t) => {
  const night = temporaryFolder(t);
  const folder = join(night, 'tidy/note-1/doc');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'input.json'), '{"half":');
  writeFileSync(join(folder, 'error.json'), '{}');
  const traces = openTraces(night);
  t.is(traces.read(address), undefined);
  t.deepEqual(traces.list('tidy'), []);

  const identity = traces.write(address, files, facts);
  t.is(traces.read(address)?.identity, identity);
  extractBundle(night, address, folder);
  t.deepEqual(readdirSync(folder).sort(), ['input.json', 'manifest.json', 'output.json']);
});

test('a finished spec can be opened again, and finished again', (t) => {
  const night = temporaryFolder(t);
  const first = openTraces(night);
  first.write(at('a', 'doc'), files, facts);
  first.pack('tidy');
  first.pack('tidy');
  const second = openTraces(night);
  second.write(at('b', 'doc'), files, facts);
  t.truthy(openTraces(night).read(at('a', 'doc')));
  second.pack('tidy');
  t.is(openTraces(night).list('tidy').length, 2);
});

test('a reader sees what a writer adds meanwhile', (t) => {
  const night = temporaryFolder(t);
  const [writer, reader] = [openTraces(night), openTraces(night)];
  for (const unit of ['a', 'b', 'c']) {
    t.false(reader.has(at(unit, 'doc')));
    writer.write(at(unit, 'doc'), files, facts);
    t.true(reader.has(at(unit, 'doc')));
  }
});

test('two processes that bring the same pack name are told', (t) => {
  const night = temporaryFolder(t);
  const [one, two] = [openTraces(night), openTraces(night)];
  one.write(at('a', 'doc'), files, facts);
  two.write(at('b', 'doc'), files, facts);
  t.throws(() => one.write(at('c', 'doc'), files, facts), { message: /another process/ });
  t.is(openTraces(night).list('tidy').length, 2);
});

test('a torn tail is cut off by the next writer, and only by a writer', (t) => {
  const night = temporaryFolder(t);
  const path = join(night, 'tidy/bundles.zip');
  openTraces(night).write(at('a', 'doc'), files, facts);
  const whole = readFileSync(path);
  openTraces(night).write(at('b', 'doc'), files, facts);
  const both = readFileSync(path);
  for (let length = whole.length; length < both.length; length += 1) {
    writeFileSync(path, both.subarray(0, length));
    const reader = openTraces(night);
    t.deepEqual(reader.list('tidy'), [at('a', 'doc')], `${length}`);
    t.is(reader.read(at('b', 'doc')), undefined);
    t.is(readFileSync(path).length, length);
  }
  const writer = openTraces(night);
  writer.write(at('b', 'doc'), files, facts);
  t.deepEqual(readFileSync(path), both);
});

test('a pack damaged before whole bundles is refused, not cut', (t) => {
  const night = temporaryFolder(t);
  const path = join(night, 'tidy/bundles.zip');
  for (const unit of ['a', 'b', 'c']) openTraces(night).write(at(unit, 'doc'), files, facts);
  const bytes = readFileSync(path);
  for (const offset of [0, 20, 31]) {
    writeFileSync(path, Buffer.from(bytes).fill(0, offset, offset + 4));
    const night2 = () => openTraces(night);
    t.throws(() => night2().list('tidy'), { instanceOf: BundleFault }, `${offset}`);
    t.throws(() => night2().write(at('d', 'doc'), files, facts), { instanceOf: BundleFault });
    t.is(readFileSync(path).length, bytes.length);
  }
});

test('bytes that never reached the disk cost only the last bundle', (t) => {
  const night = temporaryFolder(t);
  const path = join(night, 'tidy/bundles.zip');
  openTraces(night).write(at('a', 'doc'), files, facts);
  const { length } = readFileSync(path);
  openTraces(night).write(at('b', 'doc'), files, facts);
  const both = readFileSync(path);
  for (const holeEnd of [both.length, both.length - 500]) {
    writeFileSync(path, Buffer.from(both).fill(0, length + 60, holeEnd));
    t.deepEqual(openTraces(night).list('tidy'), [at('a', 'doc')], `${holeEnd}`);
  }
  const manifest = both.lastIndexOf('manifest.json') + 'manifest.json'.length;
  writeFileSync(path, Buffer.from(both).fill(0, manifest));
  t.deepEqual(openTraces(night).list('tidy'), [at('a', 'doc')]);
  openTraces(night).write(at('b', 'doc'), files, facts);
  t.deepEqual(readFileSync(path), both);
  rmSync(path);
  appendFileSync(path, Buffer.alloc(5000));
  t.deepEqual(openTraces(night).list('tidy'), []);
});

const refused = test.macro((t, where: BundleAddress) => {
  const night = temporaryFolder(t);
  const traces = openTraces(night);
  t.throws(() => traces.write(where, files, facts), { instanceOf: UserError });
  t.throws(() => traces.read(where), { instanceOf: UserError });
  t.deepEqual(readdirSync(night), []);
});

for (const name of ['..', '.', '', 'a/b', '../x', 'a\0', '-x', '.hidden', 'a.', 'x'.repeat(201)]) {
  test(`no address: spec ${JSON.stringify(name.slice(0, 10))}`, refused, {
    ...address,
    spec: name,
  });
  test(`no address: unit ${JSON.stringify(name.slice(0, 10))}`, refused, {
    ...address,
    unit: name,
  });
  test(`no address: node ${JSON.stringify(name.slice(0, 10))}`, refused, {
    ...address,
    node: name,
  });
}

test('listing a spec whose id is not a plain name is refused', (t) => {
  t.throws(() => openTraces(temporaryFolder(t)).list('../..'), { instanceOf: UserError });
});

test('a file over the limit is refused before anything is written', (t) => {
  const night = temporaryFolder(t);
  const traces = openTraces(night);
  const huge = 'x'.repeat(bundleLimits.fileBytes + 1);
  t.throws(() => traces.write(address, { 'tests.log': huge }, facts), { message: /too many/ });
  traces.write(address, files, facts);
  t.truthy(traces.read(address));
});
