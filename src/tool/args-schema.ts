// SPDX-License-Identifier: GPL-3.0-only

import { z } from 'zod';
import type { Json } from '../data/digest.ts';
import { memoiseByObject } from '../data/memoise.ts';
import { messageOf } from '../data/message-of.ts';
import { UserError } from '../data/user-error.ts';
import type { Tool } from './tool.ts';

/** JSON Schema of a tool's arguments as a model writes them. @throws UserError when it has none. */
export const argsJsonSchema = memoiseByObject((tool: Tool): { readonly [key: string]: Json } => {
  if (tool.argsSchema) return tool.argsSchema;
  try {
    const { $schema: _, ...schema } = z.toJSONSchema(tool.args, { io: 'input' });
    return schema as { readonly [key: string]: Json };
  } catch (cause) {
    throw new UserError(
      `args of the tool "${tool.name}" have no JSON Schema (${messageOf(cause)}); use plain zod types`,
      { cause },
    );
  }
});
