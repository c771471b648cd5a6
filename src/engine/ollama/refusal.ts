// SPDX-License-Identifier: GPL-3.0-only
import { BusyFault, EngineFault } from '../contract/engine.ts';
import { ContextFault } from '../served/context-fault.ts';
import { complaintIn } from '../served/read-json.ts';
import { NotLocalFault, seeItsLog } from '../wire/faults.ts';
import type { OllamaServer } from './server.ts';

/** What a refusal means, as a status or within an answer, with the setting and the next step. */
export const ollamaRefusal = (
  { endpoint, setting, model }: OllamaServer,
  { status, body }: { readonly status: number; readonly body: string },
): EngineFault => {
  const said = complaintIn(body);
  if (/exceeds the (?:available )?context|context length/i.test(said)) {
    return new ContextFault(
      `${endpoint.address} takes no prompt of that length: ${said}; raise ${setting}.contextTokens, or make the prompt shorter`,
    );
  }
  if (status === 503 || /server busy|maximum pending requests/i.test(said)) {
    return new BusyFault(`${endpoint.address} takes no more for now: ${said}`);
  }
  if (status === 404 || /not found, try pulling/i.test(said)) {
    return new EngineFault(
      `${setting}.model: the server has no model "${model}" (${said}); by day: ollama pull ${model}`,
    );
  }
  if (status === 403 || /cloud is disabled|remote model/i.test(said)) {
    return new NotLocalFault(
      `${setting}.model: "${model}" is not on this machine (${said}); name a model whose weights are`,
    );
  }
  if (/more system memory|out of memory|insufficient memory/i.test(said)) {
    return new EngineFault(
      `${endpoint.address} lacks memory: ${said}; lower ${setting}.contextTokens or OLLAMA_NUM_PARALLEL, or take a smaller model`,
    );
  }
  return new EngineFault(
    `${endpoint.address} refused the request (HTTP ${status}): ${said}; ${seeItsLog}`,
  );
};
