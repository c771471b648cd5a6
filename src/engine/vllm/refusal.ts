// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../contract/engine.ts';
import { complaintIn, memberOf, parseIfJson, textOf } from '../served/read-json.ts';
import { seeItsLog } from '../wire/faults.ts';
import { versionOf } from './models.ts';
import type { VllmServer } from './server.ts';

/**
 * What a status other than 200 of a completion means, with the setting and the next step.
 * @throws EngineFault naming what answers, where it is not vLLM.
 */
export const vllmRefusal = async (
  server: VllmServer,
  { status, body, name }: { readonly status: number; readonly body: string; readonly name: string },
): Promise<EngineFault> => {
  const { address } = server.endpoint;
  const said = complaintIn(body);
  // What vLLM itself refuses it explains in this form; whatever else answers is asked who it is.
  if (textOf(memberOf(memberOf(parseIfJson(body), 'error'), 'message')) === undefined)
    await versionOf(server);
  if (status === 401 || status === 403) {
    return new EngineFault(
      `${address} asks for a key (HTTP ${status}): ${said}; start it without --api-key, nothing but this machine reaches it`,
    );
  }
  if (status === 404 && name !== server.model) {
    return new EngineFault(
      `${server.setting}.adapter: the server has no adapter "${name}" (${said}); load it, or start the server with --lora-modules ${name}=PATH`,
    );
  }
  if (status === 404) {
    return new EngineFault(
      `${server.setting}.model: the server does not serve "${name}" (${said}); correct the name, or start it with --served-model-name ${name}`,
    );
  }
  if (status === 400 && /context length|max_model_len|maximum.*tokens/i.test(said)) {
    return new EngineFault(
      `${address} takes no prompt of that length: ${said}; start it with a larger --max-model-len, or lower limits.maxOutputTokens of the agent`,
    );
  }
  return new EngineFault(`${address} refused the request (HTTP ${status}): ${said}; ${seeItsLog}`);
};
