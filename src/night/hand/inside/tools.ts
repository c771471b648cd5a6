// SPDX-License-Identifier: GPL-3.0-only
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { describeIssues } from '../../../agent/read-envelope.ts';
import { lendModules } from '../../../data/found-modules.ts';
import { makeOnce } from '../../../data/make-once.ts';
import { messageOf } from '../../../data/message-of.ts';
import { UserError } from '../../../data/user-error.ts';
import { argsJsonSchema } from '../../../tool/args-schema.ts';
import type { OwnTool } from '../../../tool/load-tools.ts';
import { ArgsFault, type Tool, type ToolContext, ToolFault } from '../../../tool/tool.ts';

const toolModuleUrl = new URL('../../../tool/tool.ts', import.meta.url).href;

const tools = new Map<string, Promise<Tool>>();

/** A tool, imported once. @throws UserError for a module of the wrong shape. */
export const importTool = (module: OwnTool): Promise<Tool> =>
  makeOnce(tools, module.file, () => load(module));

const load = async ({ name, folder, file }: OwnTool): Promise<Tool> => {
  await lendModules(folder, 'pantheon/tool', toolModuleUrl);
  const loaded: Record<string, unknown> = await import(pathToFileURL(resolve(file)).href).catch(
    (cause) => {
      const message = `the module cannot be loaded: ${messageOf(cause)}`;
      throw new UserError(message, { place: { file }, cause });
    },
  );
  const exported = z.record(z.string(), z.unknown()).safeParse(loaded.tool ?? loaded.default);
  const parsed = userToolSchema.safeParse(exported.success ? exported.data : { ...loaded });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${issue?.path.join('./')}: ${issue?.message}. See docs/tools.md.`, {
      place: { file },
    });
  }
  const { description, args, result, run, touches } = parsed.data;
  const tool: Tool = { name, description, args, result, run, touches };
  argsJsonSchema(tool);
  return tool;
};

const functionOf = <F>() =>
  z.custom<F>((value) => typeof value === 'function', 'must be a function');
const zodSchema = z.custom<z.ZodType>(
  (value) => value instanceof z.ZodType,
  "must be a zod schema: import { z } from 'zod'",
);

/** What a user's module exports, by itself or as `tool` or default export. */
const userToolSchema = z.object({
  description: z.string('must say in words what the tool does').min(1),
  args: zodSchema.refine((args) => args instanceof z.ZodObject, 'must be a z.strictObject'),
  result: zodSchema,
  run: functionOf<Tool['run']>(),
  touches: functionOf<Tool['touches']>().default(() => noTouches),
});

const noTouches: Tool['touches'] = () => ({});

/** What a process that does not load it has to know of a tool. */
export const describeTool = async (module: OwnTool): Promise<unknown> => {
  const tool = await importTool(module);
  const { description, touches } = tool;
  return { description, args: argsJsonSchema(tool), touches: touches !== noTouches };
};

/** The paths a call touches. @throws ArgsFault */
export const touchesHere = async (module: OwnTool, args: unknown): Promise<unknown> => {
  const tool = await importTool(module);
  return tool.touches(argsOf(tool, args));
};

/** Makes a call. @throws ArgsFault, and what the tool throws. */
export const useTool = async (
  module: OwnTool,
  args: unknown,
  context: ToolContext,
): Promise<unknown> => {
  const tool = await importTool(module);
  const result = tool.result.safeParse(await tool.run(argsOf(tool, args), context));
  if (result.success) return result.data;
  const issues = describeIssues(result.error.issues, ['result']);
  throw new ToolFault(`the tool broke its own schema: ${issues}`);
};

const argsOf = ({ args }: Tool, written: unknown): unknown => {
  const parsed = args.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new ArgsFault(describeIssues(parsed.error.issues, ['args']));
};
