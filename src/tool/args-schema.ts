// SPDX-License-Identifier: GPL-3.0-only

import { z } from 'zod';
import type { Json } from '../data/digest.ts';
import { messageOf } from '../data/message-of.ts';
import { UserError } from '../data/user-error.ts';
import type { Tool } from './tool.ts';

const schemas = new WeakMap<Tool, { readonly [key: string]: Json }>();

/** JSON Schema of a tool's arguments as a model writes them. @throws UserError when it has none. */
export const argsJsonSchema = (tool: Tool): { readonly [key: string]: Json } => {
  const before = schemas.get(tool);
  if (before) return before;
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(tool.args, { io: 'input' });
    const schema = rest as { readonly [key: string]: Json };
    schemas.set(tool, schema);
    return schema;
  } catch (cause) {
    throw new UserError(
      `args of the tool "${tool.name}" have no JSON Schema (${messageOf(cause)}); use plain zod types`,
      { cause },
    );
  }
};
