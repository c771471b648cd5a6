// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { summarySchema } from '../../morning/summary.ts';
import { GitFault } from '../../workspace/git.ts';
import { frozenTermsSchema } from '../record/frozen-terms.ts';
import { journalSchema, nightSchema } from '../record/night-schemas.ts';

/*
 * What goes through the pipes between a night's two processes: lines of JSON. The first line of the
 * child's input is its task, the next lets it begin or stop; all else goes the other way.
 */

const text = z.string();
const count = z.int().nonnegative();

const faultSchema = z.strictObject({
  kind: z.enum(['mistake', 'git', 'system', 'defect']),
  message: text,
  code: text.optional(),
  path: text.optional(),
  stderr: text.optional(),
  stack: text.optional(),
});

export const fromChildSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('say'), line: text }),
  z.strictObject({
    type: z.literal('node'),
    spec: text,
    unit: text,
    node: text,
    state: z.enum(['running', 'ok', 'failed', 'skipped', 'resumed']),
    reason: text.optional(),
  }),
  z.strictObject({ type: z.literal('ready'), night: nightSchema }),
  z.strictObject({ type: z.literal('terms'), terms: frozenTermsSchema }),
  z.strictObject({ type: z.literal('record'), record: journalSchema.options[1] }),
  z.strictObject({ type: z.literal('left'), spec: text }),
  z.strictObject({
    type: z.literal('end'),
    engines: summarySchema.shape.engines,
    counts: z.strictObject({ ok: count, failed: count, skipped: count }).optional(),
  }),
  z.strictObject({ type: z.literal('failed'), fault: faultSchema }),
  z.strictObject({ type: z.literal('interrupted') }),
]);

export type FromChild = z.output<typeof fromChildSchema>;
export type Fault = z.output<typeof faultSchema>;

export const toChildSchema = z.strictObject({ type: z.enum(['go', 'stop']) });

/** What a person is told of an error, and what of it helps to find a defect. */
export const faultOf = (error: unknown): Fault => {
  if (error instanceof UserError) return { kind: 'mistake', message: error.message };
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { message, code, path } = cause as NodeJS.ErrnoException;
    if (cause instanceof GitFault) return { kind: 'git', message, stderr: cause.stderr };
    if (typeof code === 'string' && 'syscall' in cause) {
      return { kind: 'system', message, code, ...(path !== undefined && { path }) };
    }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'defect', message, ...(stack !== undefined && { stack }) };
};

/** The error that it was, as far as anybody tells errors apart. */
export const errorOf = ({ kind, message, code, path, stderr, stack }: Fault): Error => {
  if (kind === 'mistake') return new UserError(message);
  if (kind === 'git') return new GitFault(message, stderr === undefined ? {} : { stderr });
  return Object.assign(new Error(message), {
    ...(code !== undefined && { code }),
    ...(path !== undefined && { path }),
    ...(stack !== undefined && { stack }),
  });
};
