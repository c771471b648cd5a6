// SPDX-License-Identifier: GPL-3.0-only
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { UserError } from '../../../src/data/user-error.ts';
import { keyFolder, rotateKey } from '../../../src/trace/sign/key-folder.ts';
import { checkSeal, extendSealed, sealAsIs } from '../../../src/trace/sign/seal.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const schema = z.object({ n: z.int() });

/** A state folder whose exams and ledger have three lines each. */
const makeState = (t: ExecutionContext) => {
  const root = temporaryFolder(t);
  t.is(checkSeal(root), undefined);
  const exams = join(root, 'exams.jsonl');
  const extend = (name: string, ...numbers: readonly number[]) =>
    extendSealed(root)(
      join(root, name),
      schema,
      numbers.map((n) => ({ n })),
    );
  extend('exams.jsonl', 1, 2);
  extend('exams.jsonl', 3);
  extend('ledger.jsonl', 4, 5, 6);
  return { root, exams, extend };
};

const seal = (root: string): string => join(root, 'seal.json');

test('what was extended as it should be is taken', (t) => {
  const { root, exams } = makeState(t);
  t.is(checkSeal(root), undefined);
  t.is(readFileSync(exams, 'utf8'), '{"n":1}\n{"n":2}\n{"n":3}\n');
});

for (const [what, [lines, line, how]] of Object.entries({
  'edited in the middle': ['1 9 3', 2, /edited/],
  'edited at the end': ['1 2 9', 3, /edited/],
  'removed from the middle': ['1 3', 2, /the line that was here is gone/],
  'removed from the end': ['1 2', 3, /the line that was here is gone/],
  'removed altogether': ['', 1, /3 lines that were here are gone/],
  'added at the end': ['1 2 3 4', 4, /added/],
  'added in the middle': ['1 9 2 3', 2, /added/],
  'in another order': ['2 1 3', 1, /added|edited|gone/],
} as const)) {
  test(`a line ${what} is named with its file`, (t) => {
    const { root, exams } = makeState(t);
    const numbers = lines === '' ? [] : lines.split(' ');
    writeFileSync(exams, numbers.map((n) => `{"n":${n}}\n`).join(''));
    for (const use of [() => checkSeal(root), () => makeMore(root)]) {
      const error = t.throws<UserError>(use, { instanceOf: UserError });
      t.deepEqual(error.place, { file: exams, line });
      t.regex(error.message, how);
      t.regex(error.message, /pantheon keys seal/);
    }
    sealAsIs(root);
    t.is(checkSeal(root), undefined, 'accepted on purpose');
  });
}

const makeMore = (root: string): void =>
  extendSealed(root)(join(root, 'ledger.jsonl'), schema, [{ n: 7 }]);

test('a file that was put there is named', (t) => {
  const { root } = makeState(t);
  writeFileSync(join(root, 'outcomes.jsonl'), '{"n":1}\n');
  t.throws(() => checkSeal(root), { message: /outcomes\.jsonl: was added/ });
});

test('a seal that is gone, altered, older or of another folder is none', (t) => {
  const [one, two] = [makeState(t), makeState(t)];
  const { root, extend } = one;
  const text = readFileSync(seal(root), 'utf8');
  const old = temporaryFolder(t);
  cpSync(root, old, { recursive: true });
  extend('exams.jsonl', 4);

  rmSync(seal(root));
  t.throws(() => checkSeal(root), { message: /seal\.json: is gone/ });
  const envelope = JSON.parse(text);
  const payload = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
  payload.files = {};
  envelope.payload = Buffer.from(JSON.stringify(payload)).toString('base64');
  writeFileSync(seal(root), JSON.stringify(envelope));
  t.throws(() => checkSeal(root), { message: /is not a key of this runner/ });
  writeFileSync(seal(root), '{');
  t.throws(() => checkSeal(root), { message: /is not a seal/ });
  cpSync(old, root, { recursive: true });
  t.throws(() => checkSeal(root), { message: /is an earlier one, put back/ });
  cpSync(two.root, root, { recursive: true });
  t.throws(() => checkSeal(root), { message: /is that of another state folder/ });
});

test('a folder that was moved keeps its seal', (t) => {
  const { root } = makeState(t);
  const moved = join(temporaryFolder(t), 'moved');
  renameSync(root, moved);
  t.is(checkSeal(moved), undefined);
});

test('a folder from before there were seals is taken over once, and says so', (t) => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'exams.jsonl'), '{"n":1}\n');
  t.regex(checkSeal(root) ?? '', /had no seal\. .* count as they are, this once/);
  t.is(checkSeal(root), undefined);
  appendFileSync(join(root, 'exams.jsonl'), '{"n":2}\n');
  t.throws(() => checkSeal(root), { instanceOf: UserError });
});

test('killed between the seal and the lines, or among them, it goes on', (t) => {
  for (const [written, after] of [
    ['', '{"n":4}\n{"n":5}\n'],
    ['{"n":4}\n', '{"n":5}\n'],
    ['{"n":4}\n{"n"', '{"n":5}\n'],
    ['{"n":4}\n{"n":5}\n', ''],
  ] as const) {
    const { root, exams, extend } = makeState(t);
    const before = readFileSync(exams, 'utf8');
    // The intent is all there is: what appends the lines is stopped at once.
    const stopped = {
      ...schema,
      parse: () => {
        throw new Error('killed');
      },
    } as never;
    t.throws(() => extendSealed(root)(exams, stopped, [{ n: 4 }, { n: 5 }] as never), {
      message: /killed|not a line/,
    });
    t.is(readFileSync(exams, 'utf8'), before);
    appendFileSync(exams, written);
    t.is(checkSeal(root), undefined, written);
    for (const line of after.split('\n').filter(Boolean)) extend('exams.jsonl', JSON.parse(line).n);
    t.is(readFileSync(exams, 'utf8'), `${before}{"n":4}\n{"n":5}\n`);
    t.is(checkSeal(root), undefined);
    writeFileSync(exams, before);
    t.throws(() => checkSeal(root), { instanceOf: UserError }, 'no longer pending');
  }
});

test('what an earlier key sealed counts after a rotation', (t) => {
  const { root, extend } = makeState(t);
  const before = keyFolder();
  const keys = temporaryFolder(t);
  cpSync(before, keys, { recursive: true });
  // Nothing else runs meanwhile: all of this is one turn.
  process.env.PANTHEON_KEYS = keys;
  try {
    rotateKey(keys);
    t.is(checkSeal(root), undefined);
    extend('exams.jsonl', 4);
    t.is(checkSeal(root), undefined);
  } finally {
    process.env.PANTHEON_KEYS = before;
  }
});
