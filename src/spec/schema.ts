// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { digestOf } from '../data/digest.ts';

/** Lower case letters, digits, `.`, `_` and `-`: safe as a folder and as part of a branch name. */
export const idSchema = z
  .string()
  .max(80)
  .regex(
    /^[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9_-]))*$/,
    'use lower-case letters, digits, "-", "_" or single dots, starting with a letter or digit',
  )
  .refine((id) => !id.endsWith('.lock'), 'must not end in ".lock" (git refuses such branches)');

const patternSchema = z
  .string()
  .min(1, 'give a path or a glob, for example "docs/"')
  .max(1000)
  .refine((pattern) => !pattern.includes('\0'), 'must not contain a NUL byte');

const limitSchema = z.int().positive();

/** Limits a spec may set for itself; they may exceed the gate's defaults up to `gate.ceiling`. */
export const limitsSchema = z.strictObject({
  maxFiles: limitSchema.optional(),
  maxLines: limitSchema.optional(),
  maxSteps: limitSchema.optional(),
});

/** A spec as people write it, in `specs/*.yaml` or an issue. */
export const specFileSchema = z.strictObject({
  $schema: z.string().optional(),
  id: idSchema.optional().describe('Default: the file name, or issue-<n>'),
  title: z.string().trim().min(1).max(200),
  scope: z
    .union([patternSchema, z.array(patternSchema).min(1).max(100)])
    .describe('Files, folders or globs; "!Templates/" leaves out; everything else is refused'),
  exclude: z
    .union([patternSchema, z.array(patternSchema).min(1).max(100)])
    .optional()
    .describe('What the scope leaves out, written as the scope is'),
  acceptance: z
    .array(z.string().trim().min(1).max(2000))
    .min(1, 'write at least one sentence that a reviewer can check')
    .max(50),
  flow: idSchema.optional().describe('Default: flow in pantheon.yaml'),
  checks: z
    .array(z.string().min(1).max(2000))
    .max(20)
    .optional()
    .describe('Shell commands run in the sandbox on the patched tree'),
  context: z.array(patternSchema).max(100).optional().describe('Globs that may also be read'),
  rules: z
    .record(z.string(), z.json())
    .optional()
    .describe('What the specialist needs beyond the acceptance sentences'),
  priority: z.int().min(-1000).max(1000).optional().describe('Higher runs earlier; default 0'),
  dependsOn: z
    .array(idSchema)
    .max(50)
    .optional()
    .describe("Waits until those specs' pull requests are merged"),
  limits: limitsSchema.optional(),
});

export type SpecFile = z.input<typeof specFileSchema>;

/** A spec in canonical form: every default written out, scope patterns normalised. */
export const specSchema = z.strictObject({
  id: idSchema,
  title: z.string(),
  scope: z.array(z.string()).min(1),
  acceptance: z.array(z.string()).min(1),
  flow: idSchema.optional(),
  checks: z.array(z.string()),
  context: z.array(z.string()),
  rules: z.record(z.string(), z.json()),
  priority: z.int(),
  dependsOn: z.array(idSchema),
  limits: limitsSchema,
});

export type Spec = Readonly<z.output<typeof specSchema>>;

/**
 * Patterns as people write them: `docs/` means `docs/**`; backquotes and a leading `./` are dropped; a
 * text `docs/, specs/` is two, where an item of a list stays as it is. `./!a` is the name `!a`.
 */
const normalisePatterns = (patterns: string | readonly string[] = []): readonly string[] =>
  (typeof patterns === 'string' ? splitList(patterns) : patterns).map(normalisePattern);

const splitList = (text: string): readonly string[] => {
  const parts = /[{}]/.test(text) ? [] : text.split(/,\s+/).map((part) => part.trim());
  const named = parts.filter((part) => part !== '');
  return named.length > 0 ? named : [text];
};

/** One pattern as `compileScope` takes it. */
export const normalisePattern = (text: string): string => {
  const quoted = text.replace(/^(!?)`(.+)`$/s, '$1$2');
  const mark = quoted.startsWith('!') ? '!' : '';
  const plain = quoted.slice(mark.length).replace(/^(?:\.\/)+(?=.)/s, '');
  if (plain === '.' || plain === './') return `${mark}**`;
  const name = plain.startsWith('!') ? `\\${plain}` : plain;
  return mark + (name.endsWith('/') ? `${name}**` : name);
};

const excluding = (pattern: string): string => (pattern.startsWith('!') ? pattern : `!${pattern}`);

/** Canonical form of a spec file; `defaultId` serves where it names no id of its own. */
export const normaliseSpec = (file: z.output<typeof specFileSchema>, defaultId: string): Spec => ({
  id: idSchema.parse(file.id ?? defaultId),
  title: file.title,
  scope: [...normalisePatterns(file.scope), ...normalisePatterns(file.exclude).map(excluding)],
  acceptance: file.acceptance,
  ...(file.flow !== undefined && { flow: file.flow }),
  checks: file.checks ?? [],
  context: [...normalisePatterns(file.context)],
  rules: file.rules ?? {},
  priority: file.priority ?? 0,
  dependsOn: file.dependsOn ?? [],
  limits: file.limits ?? {},
});

/** sha256 over the canonical form; a pull request's identity is (id, digest). */
export const specDigest = (spec: Spec): string => digestOf(spec);
