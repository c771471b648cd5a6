// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseDocumentAs } from '../../data/read-document.ts';
import type { Source } from '../../data/read-source.ts';
import { namedModel } from './named-models.ts';

/** What the file of pinned models is called, beside `pantheon.yaml` in the repository. */
export const lockName = 'models.lock';

/** A lock lists files by the thousand where models are folders of many shards. */
export const maxLockBytes = 4 * 1024 * 1024;

export const digestSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'write a sha256 as 64 lower-case hexadecimal digits');

/** Relative, without a step up and without a hidden part: it becomes a path below the models folder. */
export const filePathSchema = z
  .string()
  .min(1)
  .max(500)
  .refine(isPlainPath, 'write a path of plain names joined by "/"');

function isPlainPath(path: string): boolean {
  // A line break or a backslash would make the digest's text ambiguous, as in sha256sum(1).
  return !/[\p{Cc}\\]/u.test(path) && path.split('/').every((part) => /^[^.]/.test(part));
}

const modelFileSchema = z.strictObject({
  path: filePathSchema,
  size: z.int().nonnegative(),
  sha256: digestSchema,
});

const pinSchema = z.strictObject({
  source: z
    .string()
    .max(1000)
    .optional()
    .describe(
      'hub:OWNER/REPO, an https address, wheel:NAME==VERSION, or local: a file or folder of some machine',
    ),
  revision: z.string().max(200).optional().describe('Commit of the hub'),
  digest: digestSchema.describe('sha256 of the one file, or over the list of all files'),
  files: z
    .array(modelFileSchema)
    .max(10_000)
    .optional()
    .describe('Left out where a server has the model and tells only a digest'),
});

export const modelsLockSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  models: z
    .record(z.string().min(1).max(500), pinSchema)
    .superRefine(refuseTwice)
    .describe('By name in pantheon.yaml'),
});

/** Of two pins of one model, one would be held to and the other believed. */
function refuseTwice(models: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const names = new Map<string, string>();
  for (const name of Object.keys(models)) {
    const plain = plainModelName(name);
    const other = names.get(plain);
    if (other !== undefined) {
      const message = `is the same model as ${other}; keep one of the two`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
    names.set(plain, name);
  }
}

export type ModelFile = Readonly<z.output<typeof modelFileSchema>>;
export type ModelPin = Readonly<z.output<typeof pinSchema>>;
export type ModelsLock = Readonly<z.output<typeof modelsLockSchema>>;

/** A repository that pins nothing. */
export const emptyLock: ModelsLock = { version: 1, models: {} };

/** @throws UserError with file, line and column of every mistake. */
export const parseModelsLock = (source: Source): ModelsLock =>
  parseDocumentAs(source, modelsLockSchema);

/** The lock with one pin set; the same pins give the same bytes, whatever order they came in. */
export const withPin = (lock: ModelsLock, name: string, pin: ModelPin): ModelsLock => ({
  ...lock,
  models: Object.fromEntries(
    Object.entries({ ...lock.models, [name]: pin }).sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
});

/** The lock as YAML, one key a line, so that a review shows what changed. */
export const renderModelsLock = (lock: ModelsLock): string =>
  `# Written by "pantheon models pull"; commit it. A night refuses a model that differs.\n${stringify(lock, { lineWidth: 0 })}`;

/** The pin of a model; `models/x` and `x` are one name. */
export const pinOf = (lock: ModelsLock, name: string): ModelPin | undefined => {
  const plain = plainModelName(name);
  const [, pin] = Object.entries(lock.models).find(([key]) => plainModelName(key) === plain) ?? [];
  return pin;
};

/** Whether its pin says where it can be fetched: not from a server, nor from a file of some machine. */
export const canBePulled = ({ files, source }: ModelPin): boolean =>
  files !== undefined && source !== undefined && source !== 'local';

/** The command that brings a model here, as far as its pin says where it comes from. */
export const pullCommand = (lock: ModelsLock, name: string): string => {
  const pin = pinOf(lock, name);
  const command = `pantheon models pull ${plainModelName(name)}`;
  if (pin ? canBePulled(pin) : namedModel(plainModelName(name))) return command;
  return `${command} --from ${pin?.source === 'local' ? 'FILE_OR_FOLDER' : 'hub:OWNER/REPO'}`;
};

/** A model's name as its folder knows it: without the `models/` that a path in a repository has. */
export const plainModelName = (name: string): string => name.replace(/^(?:\.\/)?models\//, '');
