// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import {
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../../src/engine/contract/engine.ts';
import type { Schema } from './contract-requests.ts';
import { withoutDropped } from './envelopes.ts';

/** The fault with which an engine fails a request. */
export const fails = (
  t: ExecutionContext,
  engine: Engine,
  request: CompletionRequest,
): Promise<EngineFault> => t.throwsAsync(engine.complete(request), { instanceOf: EngineFault });

/** Whether an answer is whole and as the engine says that it holds it. */
export const conforms = (t: ExecutionContext, completion: Completion, schema: Schema): void => {
  const { text, finish, constraint } = completion;
  t.is(finish, 'stop', text);
  const checked = withoutDropped(schema, constraint?.dropped ?? []);
  const read = z
    .fromJSONSchema(checked as z.core.JSONSchema.JSONSchema)
    .safeParse(JSON.parse(text));
  t.true(read.success, `${text}\n${read.error}`);
};
