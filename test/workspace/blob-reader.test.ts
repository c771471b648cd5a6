// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { makeRepository } from './with-repository.ts';

const reader = new URL('../../src/workspace/blob-reader.ts', import.meta.url).href;

test('closing keeps the process alive until git has ended, reads under way or not', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.txt': 'a'.repeat(100_000) });
  const oid = run(['rev-parse', 'HEAD:a.txt']).trim();
  const script = `
    import { openBlobReader } from ${JSON.stringify(reader)};
    const { read, close } = openBlobReader(${JSON.stringify(folder)});
    read(${JSON.stringify(oid)}).then(() => console.log('read'));
    await close();
    console.log('closed');
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  t.is(stdout, 'read\nclosed\n');
});
