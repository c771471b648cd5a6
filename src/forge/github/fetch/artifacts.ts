// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { artifactSchema } from '../answers.ts';
import type { GithubClient } from '../client.ts';
import { githubRoutes } from '../github-context.ts';
import { downloadTo } from './download.ts';

/** An artifact of a run; `digest` is the sha256 of its zip. */
export type RunArtifact = {
  readonly id: number;
  readonly name: string;
  readonly run: number;
  readonly bytes: number;
  readonly createdAt: string;
  readonly digest?: string;
};

const perPage = 100;
const mostPages = 20;

const listSchema = z.object({ artifacts: z.array(artifactSchema).max(perPage) });

/** The artifacts of a repository, or of one of its runs, that can still be fetched; the newest 2,000. @throws ForgeFault */
export const listArtifacts = async (
  client: GithubClient,
  run?: number,
): Promise<readonly RunArtifact[]> => {
  const [route, parameters] =
    run === undefined
      ? [githubRoutes.listArtifacts, {}]
      : [githubRoutes.listRunArtifacts, { run_id: run }];
  const all: z.output<typeof artifactSchema>[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const asked = { ...parameters, per_page: perPage, page };
    const { artifacts } = await client.call(route, asked, listSchema);
    all.push(...artifacts);
    if (artifacts.length < perPage) break;
  }
  return all.flatMap(({ id, name, size_in_bytes: bytes, expired, created_at, ...more }) => {
    const of = run ?? more.workflow_run?.id;
    const [, digest] = /^sha256:([0-9a-f]{64})$/.exec(more.digest ?? '') ?? [];
    if (expired || of === undefined || created_at === null) return [];
    return [
      { id, name, run: of, bytes, createdAt: created_at, ...(digest !== undefined && { digest }) },
    ];
  });
};

/** Fetches the zip of an artifact into a file of at most `mostBytes`. @throws ForgeFault */
export const fetchArtifact = async (
  client: GithubClient,
  { id, digest }: RunArtifact,
  to: { readonly file: string; readonly mostBytes: number; readonly signal?: AbortSignal },
): Promise<void> => {
  const url = await client.location(githubRoutes.artifactZip, {
    artifact_id: id,
    archive_format: 'zip',
  });
  await downloadTo(url, { ...to, ...(digest !== undefined && { digest }) });
};
