// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { digestOf, type Json } from '../data/digest.ts';
import { askedText } from './asked.ts';

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

/** The fields of a spec as people write it. */
export const specFields = z.strictObject({
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
  do: z
    .array(
      z
        .record(idSchema, z.record(z.string(), z.json()).nullable())
        .refine((item) => Object.keys(item).length === 1, 'name one chore in each item'),
    )
    .min(1)
    .max(50)
    .optional()
    .describe('Chores by name, each with its arguments; "pantheon chores" lists them'),
  acceptance: z
    .array(z.string().trim().min(1).max(2000))
    .min(1, 'write at least one sentence that a reviewer can check')
    .max(50)
    .optional()
    .describe('Sentences that must be true of the result; beside "do" there may be none'),
  flow: idSchema.optional().describe('Default: flow in pantheon.yaml'),
  checks: z
    .array(z.string().min(1).max(2000))
    .max(20)
    .optional()
    .describe('Shell commands run in the sandbox on the patched tree'),
  context: z
    .union([patternSchema, z.array(patternSchema).max(100)])
    .optional()
    .describe('Files that may also be read, written as the scope is'),
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

/** A spec as people write it, in `specs/*.yaml` or an issue. */
export const specFileSchema = specFields.refine(
  ({ do: chores, acceptance }) => chores !== undefined || acceptance !== undefined,
  {
    path: ['acceptance'],
    message: 'is missing; write a sentence that a reviewer can check, or a chore under "do"',
    // Told beside other mistakes, not after them.
    when: ({ value }) => typeof value === 'object' && value !== null,
  },
);

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

/** A chore of `do` as the sentence that stands for it; its files are written as a scope is. */
const sentenceOf = (
  item: Readonly<Record<string, Readonly<Record<string, Json>> | null>>,
): string => {
  const [chore = '', args] = Object.entries(item)[0] ?? [];
  const { files, ...others } = args ?? {};
  const patterns = [files ?? []].flat().every((pattern) => typeof pattern === 'string')
    ? normalisePatterns(files as string | readonly string[] | undefined)
    : undefined;
  return askedText({
    chore,
    args: { ...others, ...(files !== undefined && { files: patterns ?? files }) },
  });
};

/** Canonical form of a spec file; `defaultId` serves where it names no id of its own. */
export const normaliseSpec = (file: z.output<typeof specFileSchema>, defaultId: string): Spec => ({
  id: idSchema.parse(file.id ?? defaultId),
  title: file.title,
  scope: [...normalisePatterns(file.scope), ...normalisePatterns(file.exclude).map(excluding)],
  acceptance: [...(file.do ?? []).map(sentenceOf), ...(file.acceptance ?? [])],
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
