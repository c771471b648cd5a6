// SPDX-License-Identifier: GPL-3.0-only
import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../src/data/user-error.ts';
import { openEnvelope, signEnvelope } from '../../../src/trace/sign/dsse.ts';
import { keyFolder, openSigner, readKeys, rotateKey } from '../../../src/trace/sign/key-folder.ts';
import { parsePublicKeys } from '../../../src/trace/sign/public-keys.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const type = 'application/vnd.in-toto+json';

test('a key is made on first use, and only its user may read it', (t) => {
  const folder = join(temporaryFolder(t), 'new/keys');
  t.deepEqual(readKeys(folder), []);
  const { keyid } = openSigner(folder);
  t.is(openSigner(folder).keyid, keyid);
  t.is(statSync(folder).mode & 0o777, 0o700);
  t.is(statSync(join(folder, `${keyid}.pem`)).mode & 0o777, 0o600);
  const [key] = readKeys(folder);
  t.is(key?.keyid, keyid);
  t.notRegex(readFileSync(join(folder, 'public.json'), 'utf8'), /PRIVATE/);
});

test('keys lie in $PANTHEON_KEYS, or in the XDG config folder', (t) => {
  t.is(keyFolder({ PANTHEON_KEYS: '/a/keys', XDG_CONFIG_HOME: '/b' }), '/a/keys');
  t.is(keyFolder({ XDG_CONFIG_HOME: '/b' }), '/b/pantheon/keys');
});

test('a key that others may read, another or none signs nothing', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, `${openSigner(folder).keyid}.pem`);
  chmodSync(file, 0o640);
  t.throws(() => openSigner(folder), {
    instanceOf: UserError,
    message: /may be read by others.*chmod 600/,
  });
  chmodSync(file, 0o600);
  const other = temporaryFolder(t);
  const text = readFileSync(join(other, `${openSigner(other).keyid}.pem`));
  writeFileSync(file, text);
  t.throws(() => openSigner(folder), { instanceOf: UserError, message: /is not the key that/ });
  writeFileSync(file, 'x');
  t.throws(() => openSigner(folder), { instanceOf: UserError, message: /is not a private key/ });
});

test('after a rotation the new key signs, and what the old one signed stays valid', (t) => {
  const folder = temporaryFolder(t);
  const first = openSigner(folder);
  const old = signEnvelope({ a: 1 }, type, first);
  const made = rotateKey(folder);
  t.is(openSigner(folder).keyid, made.keyid);
  t.not(made.keyid, first.keyid);
  const keys = readKeys(folder);
  t.deepEqual(
    keys.map(({ keyid, retired }) => [keyid, retired !== undefined]),
    [
      [first.keyid, true],
      [made.keyid, false],
    ],
  );
  t.is(openEnvelope(old, type, keys).signedBy?.keyid, first.keyid);
  t.false(existsSync(join(folder, `${first.keyid}.pem`)), 'nobody can sign with it any more');
  t.is(readdirSync(folder).length, 2);
});

test('a signature is of the type and every byte, by a key that counts', (t) => {
  const signer = openSigner(temporaryFolder(t));
  const other = temporaryFolder(t);
  openSigner(other);
  const folder = temporaryFolder(t);
  const mine = openSigner(folder);
  const text = signEnvelope({ a: 'ü' }, type, mine);
  t.is(signEnvelope({ a: 'ü' }, type, mine), text, 'the same bytes');
  t.is(openEnvelope(text, type, readKeys(folder)).signedBy?.keyid, mine.keyid);
  t.deepEqual(openEnvelope(text, type, readKeys(folder)).value, { a: 'ü' });
  t.is(openEnvelope(text, type, readKeys(other)).signedBy, undefined);
  const envelope = JSON.parse(text);
  const changes: Readonly<Record<string, object>> = {
    payload: { payload: Buffer.from('{"a":"u"}').toString('base64') },
    signature: { signatures: [{ ...envelope.signatures[0], sig: 'AAAA' }] },
    'another key under the same id': {
      signatures: JSON.parse(signEnvelope({ a: 'ü' }, type, signer)).signatures.map(
        (one: object) => ({ ...one, keyid: mine.keyid }),
      ),
    },
    'no signature': { signatures: [] },
  };
  for (const [what, change] of Object.entries(changes)) {
    const changed = JSON.stringify({ ...envelope, ...change });
    t.is(openEnvelope(changed, type, readKeys(folder)).signedBy, undefined, what);
  }
  const renamed = JSON.stringify({ ...envelope, payloadType: 'text/plain' });
  t.throws(() => openEnvelope(renamed, type, readKeys(folder)));
  t.is(openEnvelope(renamed, 'text/plain', readKeys(folder)).signedBy, undefined, 'type');
  // The encoding as its page gives it: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
  const payload = '{"a":"ü"}';
  const encoded = `DSSEv1 28 ${type} ${Buffer.byteLength(payload)} ${payload}`;
  const [{ sig }] = envelope.signatures;
  const key = createPublicKey(readKeys(folder)[0]?.publicKey ?? '');
  t.true(verify(null, Buffer.from(encoded), key, Buffer.from(sig, 'base64')));
});

test('a file of public keys holds Ed25519 keys under their ids, and nothing else', (t) => {
  const folder = temporaryFolder(t);
  openSigner(folder);
  const [key] = readKeys(folder);
  const text = (change: object) => JSON.stringify({ version: 1, keys: [{ ...key, ...change }] });
  t.is(parsePublicKeys(text({}), 'keys.json').length, 1);
  for (const change of [{ keyid: 'f'.repeat(64) }, { publicKey: 'x' }, { more: 1 }]) {
    t.throws(() => parsePublicKeys(text(change), 'keys.json'), {
      instanceOf: UserError,
      message: /^keys\.json: is not a file of public keys .*pantheon keys export/,
    });
  }
});
