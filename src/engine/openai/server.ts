// SPDX-License-Identifier: GPL-3.0-only
import type { ModelAsk } from '../models/model-files.ts';
import type { Endpoint } from '../wire/endpoint.ts';

/** A server in OpenAI's form as one runtime of pantheon.yaml speaks to it. */
export type OpenAiServer = ModelAsk & {
  readonly endpoint: Endpoint;
  /** As the server lists it. */
  readonly model: string;
};
