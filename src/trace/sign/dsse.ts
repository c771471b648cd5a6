// SPDX-License-Identifier: GPL-3.0-only
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { dsseSchema } from '../manifest.ts';
import type { PublicKey } from './public-keys.ts';

/** Who signs: an Ed25519 key (RFC 8032), whose signature of the same bytes is always the same. */
export type Signer = { readonly keyid: string; readonly key: KeyObject };

/** A DSSE envelope, https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
type Envelope = Readonly<z.output<typeof dsseSchema>>;

/** What is signed, https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
const preAuthEncoding = (type: string, payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `, 'utf8'),
    payload,
  ]);

/** The text of an envelope around a value as JSON, signed by one key. */
export const signEnvelope = (
  value: unknown,
  payloadType: string,
  { keyid, key }: Signer,
): string => {
  const payload = Buffer.from(JSON.stringify(value), 'utf8');
  const sig = sign(null, preAuthEncoding(payloadType, payload), key).toString('base64');
  const envelope = {
    payload: payload.toString('base64'),
    payloadType,
    signatures: [{ keyid, sig }],
  };
  return `${JSON.stringify(envelope)}\n`;
};

/** What an envelope says, whose it says it is, and which of some keys signed it: none where none did. */
export type OpenedEnvelope = {
  readonly value: unknown;
  readonly keyid: string | undefined;
  readonly signedBy: PublicKey | undefined;
};

/** Opens an envelope and looks for a key that signed it. @throws SyntaxError or ZodError for something else. */
export const openEnvelope = (
  text: string,
  payloadType: string,
  keys: readonly PublicKey[],
): OpenedEnvelope => {
  const schema = dsseSchema.extend({ payloadType: z.literal(payloadType) });
  const envelope: Omit<Envelope, 'payloadType'> = schema.parse(JSON.parse(text));
  const payload = Buffer.from(envelope.payload, 'base64');
  const encoded = preAuthEncoding(payloadType, payload);
  // A keyid is a hint: what counts is the signature.
  const signedBy = keys.find(({ publicKey }) =>
    envelope.signatures.some(({ sig }) =>
      verify(null, encoded, createPublicKey(publicKey), Buffer.from(sig, 'base64')),
    ),
  );
  const keyid = envelope.signatures[0]?.keyid;
  return { value: JSON.parse(payload.toString('utf8')), keyid, signedBy };
};
