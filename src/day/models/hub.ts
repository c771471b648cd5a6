// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { filePathSchema } from '../../engine/models/models-lock.ts';
import type { ModelSource } from './source.ts';
import type { Web } from './web.ts';

/** One file to fetch, and what is known of it beforehand. */
export type WantedFile = {
  /** Below the model's folder. */
  readonly path: string;
  readonly url: string;
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
  /** Git's own object id of it, where the hub keeps it in git: SHA-1 over `blob <size>\0` and the bytes. */
  readonly gitBlob?: string | undefined;
};

/** Everything a pull would fetch. */
export type FetchPlan = {
  /** A commit of the hub, where it comes from one. */
  readonly revision?: string;
  readonly files: readonly WantedFile[];
};

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The parts that are used of what a hub answers; it says much more. */
const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z
    .array(
      z.object({
        rfilename: z.string().max(500),
        size: z.int().nonnegative().optional(),
        blobId: z
          .string()
          .regex(/^[0-9a-f]{40}$/)
          .optional(),
        lfs: z.object({ sha256, size: z.int().nonnegative() }).nullish(),
      }),
    )
    .max(100_000),
});

/** Where hubs in Hugging Face's form are asked; `HF_ENDPOINT` names another. */
export const defaultHub = 'https://huggingface.co';

/**
 * The files of a repository of a hub at one commit: those that are named, else all but hidden ones.
 * @throws UserError when there is nothing such, or several GGUF models to choose from.
 */
export const planFromHub = async (
  { repo, revision }: Extract<ModelSource, { readonly kind: 'hub' }>,
  hub: { readonly endpoint: string; readonly web: Web; readonly signal: AbortSignal },
  asked: readonly string[],
): Promise<FetchPlan> => {
  const { endpoint, web, signal } = hub;
  const base = endpoint.replace(/\/+$/, '');
  const url = `${base}/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const parsed = infoSchema.safeParse(await web.json(url, { signal }));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(
      `${new URL(base).host}: its answer about ${repo} is not in the usual form (${issue?.path.join('.')}: ${printable(issue?.message ?? '')})`,
    );
  }
  const { sha, siblings } = parsed.data;
  const names = siblings.map(({ rfilename }) => rfilename);
  const chosen = new Set(asked.length > 0 ? named(asked, names, repo) : allOf(names, repo));
  const files = siblings
    .filter(({ rfilename }) => chosen.has(rfilename))
    .map(({ rfilename: path, size, blobId, lfs }) => ({
      path,
      url: `${base}/${repo}/resolve/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`,
      size: lfs?.size ?? size,
      sha256: lfs?.sha256,
      gitBlob: lfs ? undefined : blobId,
    }));
  return { revision: sha, files };
};

const named = (
  asked: readonly string[],
  names: readonly string[],
  repo: string,
): readonly string[] =>
  asked.flatMap((name) => {
    if (!names.includes(name) || !filePathSchema.safeParse(name).success) {
      throw new UserError(`--file: ${repo} has no file "${name}"${choices(ggufs(names))}`);
    }
    return partsOf(name, names);
  });

const allOf = (names: readonly string[], repo: string): readonly string[] => {
  const usable = names.filter((name) => filePathSchema.safeParse(name).success);
  const models = ggufs(usable);
  if (models.length > 1) {
    throw new UserError(
      `${repo} has several GGUF models; choose one with --file${choices(models)}`,
    );
  }
  if (usable.length === 0) throw new UserError(`${repo} has no files`);
  return usable;
};

const choices = (models: readonly string[]): string =>
  models.length === 0
    ? ''
    : `; there are ${models
        .slice(0, 12)
        .map((name) => printable(name))
        .join(', ')}${models.length > 12 ? ` and ${models.length - 12} more` : ''}`;

const splitName = /^(.*)-\d{5}-of-(\d{5})\.gguf$/;

/** One name for each GGUF model: the first part of those that are in parts. */
const ggufs = (names: readonly string[]): readonly string[] =>
  names.filter(
    (name) =>
      /\.gguf$/i.test(name) && (!splitName.test(name) || /-00001-of-\d{5}\.gguf$/.test(name)),
  );

/** All parts of a GGUF in parts. */
const partsOf = (name: string, names: readonly string[]): readonly string[] => {
  const [, stem, of] = splitName.exec(name) ?? [];
  if (stem === undefined) return [name];
  return names.filter((other) => {
    const [, otherStem, otherOf] = splitName.exec(other) ?? [];
    return otherStem === stem && otherOf === of;
  });
};
