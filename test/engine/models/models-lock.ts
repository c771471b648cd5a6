// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  emptyLock,
  parseModelsLock,
  pinOf,
  pullCommand,
  renderModelsLock,
  withPin,
} from '../../../src/engine/models/models-lock.ts';

const digest = 'a'.repeat(64);
const parse = (text: string) => parseModelsLock({ name: 'models.lock', text });

const file = `version: 1
models:
  b.gguf:
    source: hub:owner/repo
    revision: f123456789012345678901234567890123456789
    digest: ${digest}
    files:
      - { path: b.gguf, size: 3, sha256: ${digest} }
`;

test('a lock reads as it was written, in whatever order pins were set', (t) => {
  // Digests that YAML would read as numbers.
  const one = { source: 'local', digest: `1e${'2'.repeat(62)}`, revision: '1'.repeat(40) };
  const two = { digest, files: [{ path: 'x/y.bin', size: 0, sha256: digest }] };
  const lock = withPin(withPin(emptyLock, 'b', one), 'a: "b"', two);
  t.deepEqual(parse(renderModelsLock(lock)), lock);
  t.is(
    renderModelsLock(withPin(withPin(emptyLock, 'a: "b"', two), 'b', one)),
    renderModelsLock(lock),
  );
});

test('models/ before a name means the same', (t) => {
  t.is(pinOf(parse(file), 'models/b.gguf')?.digest, digest);
  t.is(pinOf(parse(file.replace('b.gguf:', 'models/b.gguf:')), 'b.gguf')?.digest, digest);
  t.is(pinOf(parse(file), 'c.gguf'), undefined);
});

test('what brings a model here says where from, unless its pin does', (t) => {
  const lock = parse(`${file}  own: { source: local, digest: ${digest}, files: [] }\n`);
  t.is(pullCommand(lock, 'models/b.gguf'), 'pantheon models pull b.gguf');
  t.is(pullCommand(lock, 'own'), 'pantheon models pull own --from FILE_OR_FOLDER');
  t.is(pullCommand(lock, 'else'), 'pantheon models pull else --from hub:OWNER/REPO');
  t.is(pullCommand(emptyLock, 'models/smollm2'), 'pantheon models pull smollm2');
});

const mistakes: Readonly<Record<string, readonly [from: string, to: string, message: RegExp]>> = {
  'another version': ['version: 1', 'version: 2', /^models\.lock:1:1: version: must be 1/],
  'a digest that is none': [
    `digest: ${digest}`,
    'digest: abc',
    /^models\.lock:6:5: .*64 lower-case/,
  ],
  'a path upwards': ['path: b.gguf', 'path: ../b.gguf', /models\.lock:8:\d+: .*plain names/],
  'an absolute path': ['path: b.gguf', 'path: /b.gguf', /plain names/],
  'a hidden path': ['path: b.gguf', 'path: .git/b', /plain names/],
  'an unknown key': ['revision:', 'revison:', /did you mean "revision"/],
  'a model under both of its names': [
    'models:\n',
    `models:\n  models/b.gguf: { digest: ${digest} }\n`,
    /^models\.lock:4:3: .*same model as models\/b\.gguf/,
  ],
  'a size below zero': ['size: 3', 'size: -3', /models\.lock:8/],
};

for (const [title, [from, to, message]] of Object.entries(mistakes)) {
  test(`${title} is told with its place`, (t) => {
    t.throws(() => parse(file.replace(from, to)), { name: 'UserError', message });
  });
}
