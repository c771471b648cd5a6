// SPDX-License-Identifier: GPL-3.0-only

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { z } from 'zod';
import { UserError } from '../../src/data/user-error.ts';
import { extendJournal, openJournal, readJournal } from '../../src/trace/journal.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { contentOf, writer } from './writer.ts';

const { writeFileSync: writeFileSyncOfNode } = fs;

const schema = z.strictObject({ step: z.int(), note: z.string().optional() });

test('what was appended is there again, in order', (t) => {
  const file = join(temporaryFolder(t), 'journal.jsonl');
  const first = openJournal(file, schema);
  t.deepEqual(first.records, []);
  first.append({ step: 1, note: 'two\nlines \u2028 and 🌙' });
  first.append({ step: 2 });
  first.sync();
  first.close();
  const second = openJournal(file, schema);
  second.append({ step: 3 });
  second.close();
  t.deepEqual(readJournal(file, schema), [
    { step: 1, note: 'two\nlines \u2028 and 🌙' },
    { step: 2 },
    { step: 3 },
  ]);
  t.is(readFileSync(file, 'utf8').split('\n').length, 4);
});

const torn = test.macro((t, tail: string) => {
  const file = join(temporaryFolder(t), 'journal.jsonl');
  writeFileSync(file, `{"step":1}\n${tail}`);
  const journal = openJournal(file, schema);
  t.deepEqual(journal.records, [{ step: 1 }]);
  journal.append({ step: 2 });
  journal.close();
  t.is(readFileSync(file, 'utf8'), '{"step":1}\n{"step":2}\n');
});

test('torn: half a record', torn, '{"step":');
test('torn: a whole record without its line break', torn, '{"step":2,"note":"not told of"}');
test('torn: bytes that never arrived', torn, '\0\0\0\0');

const edited = test.macro((t, tail: string, kept: string) => {
  const file = join(temporaryFolder(t), 'decisions.jsonl');
  writeFileSync(file, `{"step":1}\n${tail}`);
  const expected = [{ step: 1 }, ...(kept === '' ? [] : [JSON.parse(kept)])];
  t.deepEqual(readJournal(file, schema), expected);
  t.is(readFileSync(file, 'utf8'), `{"step":1}\n${tail}`, 'a reader changes nothing');
  extendJournal(file, schema, [{ step: 3 }, { step: 4 }]);
  t.is(readFileSync(file, 'utf8'), `{"step":1}\n${kept}{"step":3}\n{"step":4}\n`);
});

test('in a file that people may edit half a record is cut off', edited, '{"step":', '');
test(
  'in a file that people may edit a last line may lack its line break',
  edited,
  '{"step":2}',
  '{"step":2}\n',
);

test('what another process appends meanwhile is kept', (t) => {
  const file = join(temporaryFolder(t), 'decisions.jsonl');
  writeFileSync(file, '{"step":1}\n');
  const meanwhile = schema.refine(() => {
    appendFileSync(file, '{"step":2}\n');
    return true;
  });
  extendJournal(file, meanwhile, [{ step: 3 }]);
  t.is(readFileSync(file, 'utf8'), '{"step":1}\n{"step":2}\n{"step":3}\n');
});

test('a write that fails half leaves what another process appended, and no half', (t) => {
  const file = join(temporaryFolder(t), 'decisions.jsonl');
  writeFileSync(file, '{"step":1}\n');
  fs.writeFileSync = () => {
    writeFileSyncOfNode(file, '{"step":2}\n{"st', { flag: 'a' });
    throw new Error('ENOSPC');
  };
  syncBuiltinESMExports();
  try {
    t.throws(() => extendJournal(file, schema, [{ step: 3 }]), { message: /cannot be written$/ });
  } finally {
    fs.writeFileSync = writeFileSyncOfNode;
    syncBuiltinESMExports();
  }
  t.is(readFileSync(file, 'utf8'), '{"step":1}\n{"step":2}\n');
});

const broken = test.macro((t, text: string, line: number) => {
  const file = join(temporaryFolder(t), 'journal.jsonl');
  writeFileSync(file, text);
  for (const read of [readJournal, openJournal]) {
    const error = t.throws(() => read(file, schema), { instanceOf: UserError });
    t.deepEqual(error?.place, { file, line });
  }
  t.is(readFileSync(file, 'utf8'), text, 'nothing is cut off');
});

test('broken: the last line, but whole', broken, '{"step":1}\n{"step":\n', 2);
test('broken: a line in the middle', broken, '{"step":1}\n\n{"step":2}\n', 2);
test('broken: a record of another kind', broken, '{"step":"one"}\n', 1);
test('broken: an unknown field', broken, '{"step":1}\n{"step":2}\n{"step":3,"x":1}\n', 3);

test('a missing journal reads as empty, a folder does not', (t) => {
  const folder = temporaryFolder(t);
  t.deepEqual(readJournal(join(folder, 'none.jsonl'), schema), []);
  mkdirSync(join(folder, 'journal.jsonl'));
  t.throws(() => readJournal(join(folder, 'journal.jsonl'), schema), {
    instanceOf: UserError,
    message: /cannot be read \(EISDIR\)/,
  });
});

/** Starts a process that writes bundles as fast as it can, and kills it after a while. */
const writeUntilKilled = async (night: string, lifetime: number): Promise<void> => {
  const child = spawn(process.execPath, [writer, night], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await sleep(lifetime);
  child.kill('SIGKILL');
  await once(child, 'exit');
};

const journalSchema = z.strictObject({ spec: z.string(), unit: z.string(), identity: z.string() });

test('killed at any moment: no bundle is half, none that was told of is lost, work goes on', async (t) => {
  const night = temporaryFolder(t);
  let before = 0;
  for (const lifetime of [0, 3, 8, 21, 34, 55]) {
    await writeUntilKilled(night, lifetime);
    const traces = openTraces(night);
    const told = readJournal(join(night, 'journal.jsonl'), journalSchema);
    for (const { spec, unit, identity } of told.slice(before)) {
      const bundle = traces.read({ spec, unit, node: 'doc' });
      t.is(bundle?.identity, identity, `${spec}/${unit}`);
      t.true(bundle?.files['prompt.txt'] === contentOf(unit));
    }
    const listed = traces.specs().flatMap((spec) => traces.list(spec));
    for (const address of listed) t.truthy(traces.read(address));
    // At most the one bundle that was written when the end came has not been told of.
    t.true(listed.length - told.length <= 1, `${listed.length} listed, ${told.length} told`);
    before = told.length;
  }
  t.true(before > 0);
  const traces = openTraces(night);
  const journal = openJournal(join(night, 'journal.jsonl'), journalSchema);
  journal.close();
  for (const spec of traces.specs()) {
    traces.write({ spec, unit: 'after', node: 'doc' }, { 'output.json': '{}' }, facts);
    const count = traces.list(spec).length;
    traces.pack(spec);
    t.is(openTraces(night).list(spec).length, count);
    t.true(existsSync(join(night, spec, 'bundles.zip')));
  }
  t.regex(readFileSync(join(night, 'journal.jsonl'), 'utf8'), /\}\n$/);
});

const facts = { night: 'n1', agent: 'doc.frontmatter@1.0.0', inputs: [] };
