// SPDX-License-Identifier: GPL-3.0-only
import type { AgentVersion } from '../../engine/models/registry.ts';
import { openEnvelope } from '../../trace/sign/dsse.ts';
import type { PublicKey } from '../../trace/sign/public-keys.ts';
import { promotionMediaType, promotionPayload } from './registry-change.ts';

/** Which of some keys signed a version of an agent with its evidence; nothing where none did. */
export const promotionSigner = (
  agent: string,
  version: AgentVersion,
  keys: readonly PublicKey[],
): PublicKey | undefined => {
  const { keyid, signature: sig } = version.evidence ?? {};
  if (keyid === undefined || sig === undefined) return undefined;
  const payload = Buffer.from(JSON.stringify(promotionPayload(agent, version))).toString('base64');
  const signatures = [{ keyid, sig }];
  const envelope = JSON.stringify({ payload, payloadType: promotionMediaType, signatures });
  return openEnvelope(envelope, promotionMediaType, keys).signedBy;
};
