// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../contract/engine.ts';
import { amount, complaint, list, member, parsed, text } from '../served/read-json.ts';
import { ask, whoAnswers } from '../served/who-answers.ts';
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
export const listModels = async ({
  endpoint,
}: Pick<VllmServer, 'endpoint'>): Promise<readonly ServedModel[]> => {
  const { status, body } = await ask(endpoint, '/v1/models');
  if (status !== 200) {
    const next = status === 401 ? 'start it without --api-key' : seeItsLog;
    throw new EngineFault(
      `${endpoint.address} lists no models (HTTP ${status}): ${complaint(body)}; ${next}`,
    );
  }
  return list(member(endpoint.parse(body), 'data')).flatMap((model) => {
    const id = text(member(model, 'id'));
    if (id === undefined) return [];
    return [
      {
        id,
        root: text(member(model, 'root')),
        parent: text(member(model, 'parent')),
        contextTokens: amount(member(model, 'max_model_len')),
      },
    ];
  });
};

/** The server's version. @throws EngineFault naming what answers, where it is no vLLM. */
export const versionOf = async ({ endpoint }: Pick<VllmServer, 'endpoint'>): Promise<string> => {
  const { status, body } = await ask(endpoint, '/version');
  const version = status === 200 ? text(member(parsed(body), 'version')) : undefined;
  if (version !== undefined && version.length < 100) return version;
  const who = await whoAnswers(endpoint);
  throw new EngineFault(
    `${endpoint.address} is no vLLM server: ${who}; correct the address, or the engine of this profile`,
  );
};
