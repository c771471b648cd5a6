// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { sha256 } from '../../src/data/digest.ts';
import { keyFolder, openSigner, readKeys } from '../../src/trace/sign/key-folder.ts';
import { formatPublicKeys } from '../../src/trace/sign/public-keys.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { wholeFile } from '../night/support/whole-file.ts';
import { makeHouse } from '../night/support/with-night.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const { PANTHEON_SIGNATURES_PYTHON: python = 'python3', PANTHEON_SKIP_SIGNATURES } = process.env;
const suite = PANTHEON_SKIP_SIGNATURES ? test.skip : test;
const program = fileURLToPath(new URL('verify.py', import.meta.url));

const run = promisify(execFile);

const shared = wholeFile();

/** A night that was signed, and a file of the keys that count. */
const signed = (async () => {
  if (PANTHEON_SKIP_SIGNATURES) throw new Error('skipped');
  const house = await makeHouse(shared, { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  const { folder } = await house.night();
  const keys = join(temporaryFolder(shared), 'pantheon-keys.json');
  writeFileSync(keys, formatPublicKeys(readKeys(keyFolder())));
  return { folder, keys, signature: join(folder, 'signature.json') };
})();
signed.catch(() => {});

suite('securesystemslib and in-toto-attestation verify a night', async (t) => {
  const { folder, keys, signature } = await signed;
  const { stdout } = await run(python, [program, signature, keys]);
  const { keyids, predicateType, subjects } = JSON.parse(stdout);
  t.deepEqual(keyids, [readKeys(keyFolder()).at(-1)?.keyid]);
  t.is(predicateType, 'https://pantheon.example/night/v1');
  t.deepEqual(Object.keys(subjects).sort(), [
    'night.json',
    'report.md',
    'summary.json',
    'terms.json',
  ]);
  for (const [name, digest] of Object.entries(subjects)) {
    t.is(digest, sha256(readFileSync(join(folder, name))), name);
  }
});

suite('they refuse what we refuse: one byte of the payload, and a key that does not count', async (t) => {
  const { keys, signature } = await signed;
  const folder = temporaryFolder(t);
  const envelope = JSON.parse(readFileSync(signature, 'utf8'));
  const payload = Buffer.from(envelope.payload, 'base64').toString();
  const altered = Buffer.from(payload.replace('"night":"2026', '"night":"2027')).toString('base64');
  const other = join(folder, 'signature.json');
  writeFileSync(other, JSON.stringify({ ...envelope, payload: altered }));
  await t.throwsAsync(run(python, [program, other, keys]), { message: /not verified/ });
  openSigner(folder);
  const others = join(folder, 'keys.json');
  writeFileSync(others, formatPublicKeys(readKeys(folder)));
  await t.throwsAsync(run(python, [program, signature, others]), { message: /not verified/ });
});
