// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../contract/engine.ts';
import { ContextFault } from '../served/context-fault.ts';
import { complaintIn } from '../served/read-json.ts';
import type { Answered } from '../served/who-answers.ts';
import { seeItsLog } from '../wire/faults.ts';
import type { OpenAiServer } from './server.ts';

/** What a status other than 200 means, with the setting and the next step. */
export const openAiRefusal = (
  { endpoint: { address }, setting, model }: OpenAiServer,
  { status, body }: Answered,
): EngineFault => {
  const said = complaintIn(body);
  if (status === 401 || status === 403) {
    return new EngineFault(
      `${address} asks for a key (HTTP ${status}): ${said}; start it without one (--api-key), nothing but this machine reaches it`,
    );
  }
  if (status === 404) {
    return new EngineFault(
      `${setting}.model: the server does not serve "${model}" (${said}); correct the name`,
    );
  }
  if (status === 400 && /context|too long|maximum.*tokens/i.test(said)) {
    return new ContextFault(
      `${address} takes no prompt of that length: ${said}; start it with a larger context, or make the prompt shorter`,
    );
  }
  return new EngineFault(`${address} refused the request (HTTP ${status}): ${said}; ${seeItsLog}`);
};
