// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { sha256 } from '../data/digest.ts';
import {
  type BundleAddress,
  type BundleFacts,
  BundleFault,
  type BundleFileName,
  bundleFileNames,
} from './bundle.ts';

const payloadType = 'application/vnd.in-toto+json';
const statementType = 'https://in-toto.io/Statement/v1';
const predicateType = 'urn:pantheon:bundle:v1';

/** No honest manifest comes near: nine short subjects and one line per input bundle. */
export const maxManifestBytes = 16 * 1024 * 1024;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(500);

/** DSSE envelope, https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
export const dsseSchema = z.strictObject({
  payload: z.base64(),
  payloadType: z.literal(payloadType),
  signatures: z.array(z.strictObject({ keyid: text.optional(), sig: z.base64() })).max(10),
});

/** in-toto Statement v1, https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const statementSchema = z.strictObject({
  _type: z.literal(statementType),
  subject: z
    .array(
      z.strictObject({
        name: z.enum(bundleFileNames),
        digest: z.strictObject({ sha256: sha256Hex }),
      }),
    )
    .max(bundleFileNames.length),
  predicateType: z.literal(predicateType),
  predicate: z.strictObject({
    night: text,
    spec: text,
    unit: text,
    node: text,
    agent: text,
    runtime: text.optional(),
    inputs: z.array(z.strictObject({ unit: text, node: text, digest: sha256Hex })),
  }),
});

/** sha256 of each file of a bundle. */
type FileDigests = Readonly<Partial<Record<BundleFileName, string>>>;

/** What a manifest says, and the identity it gives its bundle. */
type Manifest = {
  readonly identity: string;
  readonly address: BundleAddress;
  readonly facts: BundleFacts;
  readonly digests: FileDigests;
};

/** `manifest.json` of a bundle: a DSSE envelope around an in-toto statement. */
export const sealManifest = (
  address: BundleAddress,
  facts: BundleFacts,
  digests: readonly (readonly [name: BundleFileName, sha256: string])[],
): { readonly text: string; readonly identity: string } => {
  const payload = JSON.stringify({
    _type: statementType,
    subject: digests.map(([name, sha]) => ({ name, digest: { sha256: sha } })),
    predicateType,
    predicate: {
      night: facts.night,
      spec: address.spec,
      unit: address.unit,
      node: address.node,
      agent: facts.agent,
      ...(facts.runtime !== undefined && { runtime: facts.runtime }),
      inputs: facts.inputs.map(({ unit, node, digest: identity }) => ({
        unit,
        node,
        digest: identity,
      })),
    },
  });
  const base64 = Buffer.from(payload, 'utf8').toString('base64');
  return {
    // None of the three values holds a character that JSON would escape.
    text: `{"payload":"${base64}","payloadType":"${payloadType}","signatures":[]}\n`,
    identity: sha256(payload),
  };
};

/**
 * Reads a manifest back; `file` names it in messages.
 * @throws BundleFault when it is not a bundle's manifest. Signatures are not judged here.
 */
export const readManifest = (manifest: string, file: string): Manifest => {
  const envelope = parse(manifest, dsseSchema, file);
  const payload = Buffer.from(envelope.payload, 'base64');
  const { subject, predicate } = parse(payload.toString('utf8'), statementSchema, file);
  const digests = Object.fromEntries(
    subject.map(({ name, digest: { sha256: sha } }) => [name, sha]),
  );
  if (Object.keys(digests).length < subject.length) {
    throw new BundleFault(file, 'names a file twice');
  }
  const { night, spec, unit, node, agent, runtime, inputs } = predicate;
  return {
    identity: sha256(payload),
    address: { spec, unit, node },
    facts: { night, agent, ...(runtime !== undefined && { runtime }), inputs },
    digests,
  };
};

const parse = <S extends z.ZodType>(json: string, schema: S, file: string): z.output<S> => {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    const first = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const why = first ? `${first.path.join('.')}: ${first.message}` : 'it is not JSON';
    throw new BundleFault(file, `is not a bundle's manifest (${why})`, cause);
  }
};
