// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../contract/engine.ts';
import { complaintIn, countOf, itemsOf, memberOf, textOf } from '../served/read-json.ts';
import { askServer, serverVersion } from '../served/who-answers.ts';
import { seeItsLog } from '../wire/faults.ts';
import type { VllmServer } from './server.ts';

/** A model or an adapter that the server lists. */
export type ServedModel = {
  readonly id: string;
  /** Path or hub name it was loaded from. */
  readonly root: string | undefined;
  /** Of an adapter: its base. */
  readonly parent: string | undefined;
  readonly contextTokens: number | undefined;
};

/** @throws EngineFault when another kind of server answers. */
export const listServedModels = async ({
  endpoint,
}: Pick<VllmServer, 'endpoint'>): Promise<readonly ServedModel[]> => {
  const { status, body } = await askServer(endpoint, '/v1/models');
  if (status !== 200) {
    const next = status === 401 ? 'start it without --api-key' : seeItsLog;
    throw new EngineFault(
      `${endpoint.address} lists no models (HTTP ${status}): ${complaintIn(body)}; ${next}`,
    );
  }
  return itemsOf(memberOf(endpoint.parse(body), 'data')).flatMap((model) => {
    const id = textOf(memberOf(model, 'id'));
    if (id === undefined) return [];
    return [
      {
        id,
        root: textOf(memberOf(model, 'root')),
        parent: textOf(memberOf(model, 'parent')),
        contextTokens: countOf(memberOf(model, 'max_model_len')),
      },
    ];
  });
};

/** The server's version. @throws EngineFault naming what answers, where it is not vLLM. */
export const versionOf = ({ endpoint }: Pick<VllmServer, 'endpoint'>): Promise<string> =>
  serverVersion(endpoint, '/version', 'a vLLM');
