// SPDX-License-Identifier: GPL-3.0-only

import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { z } from 'zod';
import { parseYaml } from '../../src/data/parse-yaml.ts';
import { parseDocumentAs, readDocument } from '../../src/data/read-document.ts';
import { decodeSource, readSource } from '../../src/data/read-source.ts';
import { UserError } from '../../src/data/user-error.ts';
import { growsLinearly } from '../cpu-time.ts';
import { anyText } from './any-text.ts';
import { badDocuments } from './bad-documents.ts';

const anyMap = z.record(z.string(), z.json());

const shape = z.strictObject({
  title: z.string(),
  count: z.int().optional(),
  kind: z.enum(['file', 'spec']).optional(),
  scope: z.union([z.string(), z.array(z.string())]).optional(),
  limits: z.strictObject({ maxFiles: z.int().optional() }).optional(),
  many: z.record(z.string(), z.strictObject({ engine: z.string() })).optional(),
});

for (const { what, bytes, says } of badDocuments) {
  test(`refuses ${what}`, (t) => {
    const error = t.throws(
      () => parseDocumentAs(decodeSource(Buffer.from(bytes as string), 'bad.yaml'), shape),
      { instanceOf: UserError },
    );
    t.regex(error?.message ?? '', says);
    t.regex(error?.message ?? '', /^bad\.yaml/);
  });
}

const mistake = test.macro({
  exec(t, text: string, ...lines: readonly string[]) {
    const error = t.throws(() => parseDocumentAs({ name: 'x.yaml', text }, shape), {
      instanceOf: UserError,
    });
    t.deepEqual(error?.message.split('\n'), [...lines]);
  },
  title: (_, text) => `says what is wrong in ${JSON.stringify(text)}`,
});

test(
  mistake,
  'titel: x',
  'x.yaml:1:1: title: is missing',
  'x.yaml:1:1: titel: unknown key (did you mean "title"?)',
);
test(
  mistake,
  'title: x\nzzzzzz: 1',
  'x.yaml:2:1: zzzzzz: unknown key. The keys are: title, count, kind, scope, limits, many',
);
test(mistake, 'title: 5', 'x.yaml:1:1: title: must be text, not 5');
test(mistake, 'title: x\nscope: 5', 'x.yaml:2:1: scope: must be text or a list, not 5');
test(mistake, 'title: x\nscope:\n  - a\n  - [b]', 'x.yaml:4:5: scope.1: must be text, not a list');
test(mistake, 'title: x\ncount: 1.5', 'x.yaml:2:1: count: must be a whole number, not 1.5');
test(mistake, 'title: x\ncount: .nan', 'x.yaml:2:1: count: must be a number, not NaN');
test(
  mistake,
  'title: x\nkind: fil',
  'x.yaml:2:1: kind: must be file or spec (did you mean "file"?)',
);
test(
  mistake,
  'title: x\nlimits:\n  maxfile: 1\n  b: 2',
  'x.yaml:3:3: limits.maxfile: unknown key (did you mean "maxFiles"?)',
  'x.yaml:4:3: limits.b: unknown key. The keys are: maxFiles',
);
test(
  mistake,
  'title: x\nmany: {a: {engin: b}}',
  'x.yaml:2:8: many.a.engine: is missing',
  'x.yaml:2:12: many.a.engin: unknown key (did you mean "engine"?)',
);
test(mistake, 'title:\n  ', 'x.yaml:1:1: title: must be text, not empty');
test(
  mistake,
  '{"title":\t1,\n\t"proto": {}}',
  'x.yaml:1:2: title: must be text, not 1',
  'x.yaml:2:2: proto: unknown key. The keys are: title, count, kind, scope, limits, many',
);

test('prints the first mistakes of many', (t) => {
  const text = `title: x\n${Array.from({ length: 50 }, (_, at) => `unknown${at}: 1`).join('\n')}`;
  const error = t.throws(() => parseDocumentAs({ name: 'x.yaml', text }, shape));
  t.is(error?.message.split('\n').length, 21);
  t.true(error?.message.endsWith('and 30 more like these'));
});

test('a key named constructor stays a key', (t) => {
  const { value } = parseYaml({ name: 'x', text: 'constructor: { polluted: 1 }' });
  t.deepEqual(Object.keys(value as object), ['constructor']);
  t.is(({} as { polluted?: number }).polluted, undefined);
});

test('anchors within bounds are taken', (t) => {
  t.deepEqual(parseYaml({ name: 'x', text: 'a: &a [1, 2]\nb: *a' }).value, {
    a: [1, 2],
    b: [1, 2],
  });
});

test('a file may nest up to the limit', (t) => {
  t.notThrows(() => parseYaml({ name: 'x', text: `${'['.repeat(100)}${']'.repeat(100)}` }));
  t.throws(() => parseYaml({ name: 'x', text: `${'['.repeat(101)}${']'.repeat(101)}` }), {
    instanceOf: UserError,
  });
});

test('a byte order mark is not part of the first key', (t) => {
  t.deepEqual(parseDocumentAs(decodeSource(Buffer.from('\uFEFFtitle: x'), 'x'), shape), {
    title: 'x',
  });
});

test('many keys are checked for duplicates in linear time', (t) => {
  const keys = (size: number): string =>
    [...Array.from({ length: size - 1 }, (_, at) => `k${at}: 1`), 'k7: 2'].join('\n');
  const check = (text: string) =>
    t.throws(() => parseYaml({ name: 'x', text }), {
      message: /^x:\d+:1: the key "k7" is a duplicate/,
    });
  growsLinearly(t, keys, check, 10_000);
});

test('refuses what is not a file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await t.throwsAsync(readSource(folder, 'here'), {
    message: /^here: is a directory/,
    instanceOf: UserError,
  });
  await t.throwsAsync(readSource(join(folder, 'none'), 'here'), {
    message: /^here: does not exist/,
  });
  await t.throwsAsync(readSource(`${folder}/\0`, 'here'), { instanceOf: UserError });
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await t.throwsAsync(readSource(pipe, 'here'), { message: /^here: is not a regular file/ });
  const path = join(folder, 'x.yaml');
  await writeFile(path, 'title: x');
  t.deepEqual(await readDocument(path, shape), { title: 'x' });
  if (process.getuid?.() !== 0) {
    await chmod(path, 0);
    await t.throwsAsync(readSource(path, 'here'), { message: /^here: cannot be read \(EACCES\)/ });
  }
});

const onlyUserErrors = (text: string): boolean => {
  try {
    parseDocumentAs({ name: 'x', text }, anyMap);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return true;
};

const fragment = fc.constantFrom(
  'a',
  'b: ',
  ': ',
  '- ',
  '? ',
  '\n',
  '\n  ',
  '\t',
  '&x ',
  '*x',
  '<<: ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '|\n',
  '>-\n',
  '#',
  '!!set ',
  '!t ',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '__proto__: ',
  '1: ',
  '.nan',
  '\0',
  '\uFEFF',
  '\u2028',
  '\r',
  '~',
  '0x1F',
  '2001-01-01',
);

test('broken text never throws anything but a UserError', (t) => {
  fc.assert(
    fc.property(
      fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join('')),
      onlyUserErrors,
    ),
    { numRuns: 300 },
  );
  fc.assert(fc.property(anyText(200), onlyUserErrors), { numRuns: 200 });
  t.pass();
});

test('bytes of any kind never throw anything but a UserError', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        parseDocumentAs(decodeSource(bytes, 'x'), anyMap);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('JSON comes back as it went in', (t) => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      // Keys that YAML merges by, or that no document may have.
      if (/"(?:<<|__proto__)"/.test(JSON.stringify(plain))) return;
      t.deepEqual(parseYaml({ name: 'x', text: `${JSON.stringify(plain)}\n` }).value, plain);
    }),
    { numRuns: 100 },
  );
});
