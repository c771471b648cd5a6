// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import type { Check } from '../contract/engine.ts';
import { complaintIn, memberOf, parseIfJson, textOf } from '../served/read-json.ts';
import { askServer } from '../served/who-answers.ts';
import { NotLocalFault } from '../wire/faults.ts';
import type { OllamaServer } from './server.ts';

/** Models that Ollama passes on to a cloud are called so: `gpt-oss:120b-cloud`, `glm-5:cloud`. */
export const namesCloud = (model: string): boolean => /[-:]cloud$/i.test(model.trim());

/** @throws NotLocalFault for a name of a model in a cloud. */
export const refuseCloudName = (model: string, setting: string): void => {
  if (!namesCloud(model)) return;
  throw new NotLocalFault(
    `${setting}.model: "${printable(model)}" runs in a cloud and nothing is ever sent there; name a model that was pulled to this machine`,
  );
};

/** @throws NotLocalFault when the server says that another one answers, or would answer. */
export const refuseRemote = (said: Json | undefined, { setting, model }: OllamaServer): void => {
  const host = memberOf(said, 'remote_host');
  const remote = memberOf(said, 'remote_model');
  if (!host && !remote) return;
  const where = printable(textOf(host) ?? textOf(remote) ?? 'another server').slice(0, 200);
  throw new NotLocalFault(
    `${setting}.model: the server passes "${model}" on to ${where}; name a model whose weights are on this machine, and start the server with OLLAMA_NO_CLOUD=1`,
  );
};

/**
 * Whether the server can use a cloud at all.
 * @throws NotLocalFault when it can; EngineFault when it does not tell.
 */
export const cloudCheck = async ({ endpoint }: OllamaServer): Promise<Check> => {
  const { status, body } = await askServer(endpoint, '/api/status');
  if (status === 404) {
    return {
      name: 'local',
      state: 'warn',
      detail: `${place(endpoint.origin)}; this version of Ollama cannot show that its cloud is off`,
      fix: 'update Ollama and start it with OLLAMA_NO_CLOUD=1',
    };
  }
  if (memberOf(memberOf(parseIfJson(body), 'cloud'), 'disabled') === true) {
    return { name: 'local', state: 'ok', detail: `${place(endpoint.origin)}; its cloud is off` };
  }
  const said = status === 200 ? '' : ` (HTTP ${status}: ${complaintIn(body)})`;
  throw new NotLocalFault(
    `${endpoint.address} may pass requests on to a cloud${said}; start the server with OLLAMA_NO_CLOUD=1`,
  );
};

const place = (origin: string): string => (origin === 'loopback' ? 'loopback only' : 'Unix socket');
