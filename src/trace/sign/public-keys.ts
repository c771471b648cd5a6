// SPDX-License-Identifier: GPL-3.0-only
import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';

/** sha256 of a public key's SPKI (RFC 5280, RFC 8410), in hex. */
export const keyIdOf = (key: KeyObject): string =>
  sha256(key.export({ type: 'spki', format: 'der' }));

const isKey = ({ keyid, publicKey }: { readonly keyid: string; readonly publicKey: string }) => {
  try {
    const key = createPublicKey(publicKey);
    return key.asymmetricKeyType === 'ed25519' && keyIdOf(key) === keyid;
  } catch {
    return false;
  }
};

export const publicKeySchema = z
  .strictObject({
    keyid: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('sha256 of the SPKI, in hex'),
    publicKey: z.string().describe('Ed25519, SPKI as PEM'),
    created: z.iso.datetime(),
    retired: z.iso.datetime().optional().describe('Signs no night that began later'),
  })
  .refine(isKey, { message: 'is not an Ed25519 key of that keyid' });

export type PublicKey = Readonly<z.output<typeof publicKeySchema>>;

/** `pantheon-keys.json`: whose signatures of nights count. */
export const publicKeysSchema = z.strictObject({
  version: z.literal(1),
  keys: z.array(publicKeySchema),
});

/** The name of that file in a repository. */
export const publicKeysName = 'pantheon-keys.json';

/** Reads a file of public keys; `file` names it. @throws UserError when it is something else. */
export const parsePublicKeys = (text: string, file: string): readonly PublicKey[] => {
  try {
    return publicKeysSchema.parse(JSON.parse(text)).keys;
  } catch (cause) {
    const why = cause instanceof z.ZodError ? cause.issues[0]?.message : 'it is not JSON';
    throw new UserError(
      `is not a file of public keys (${why}). Write it with "pantheon keys export"`,
      { place: { file }, cause },
    );
  }
};

/** The text of a file of public keys. */
export const formatPublicKeys = (keys: readonly PublicKey[]): string =>
  `${JSON.stringify({ version: 1, keys }, null, 2)}\n`;
