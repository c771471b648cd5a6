// SPDX-License-Identifier: GPL-3.0-only
import type { ModelAsk } from '../models/model-files.ts';
import type { Endpoint } from '../wire/endpoint.ts';

/** A vLLM server as one runtime of pantheon.yaml speaks to it. */
export type VllmServer = ModelAsk & {
  readonly endpoint: Endpoint;
  /** Name of the base model, as the server lists it. */
  readonly model: string;
};
