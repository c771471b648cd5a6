// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { z } from 'zod';
import { openJournal, readJournal } from '../../src/trace/journal.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { contentOf, writer } from './writer.ts';

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
