// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { ForgeFault } from '../forge-fault.ts';
import type { GithubContext } from '../github/github-context.ts';
import type { DashboardFile } from './dashboard-file.ts';

const actorSchema = z.object({ __typename: z.string(), login: z.string().max(200) }).nullable();

const editSchema = z.object({ id: z.string(), editedAt: z.iso.datetime(), editor: actorSchema });

const historySchema = z.object({
  repository: z.object({
    issue: z.object({
      state: z.enum(['OPEN', 'CLOSED']),
      body: z.string(),
      author: actorSchema,
      userContentEdits: z.object({
        totalCount: z.int().min(0),
        nodes: z.array(editSchema).max(100),
      }),
    }),
  }),
});

/** An issue's text and who edited it, the newest 100 edits; of one moment. */
export type EditHistory = z.output<typeof historySchema>['repository']['issue'];
export type Edit = EditHistory['userContentEdits']['nodes'][number];

/** REST does not tell who edited an issue (docs.github.com, GraphQL, objects: UserContentEdit). */
const question = `query ($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    issue(number: $number) {
      state body author { __typename login }
      userContentEdits(first: 100) { totalCount nodes { id editedAt editor { __typename login } } }
    }
  }
}`;

/** Asks for both at once. @throws ForgeFault, also where it is not told. */
export const readHistory = async (
  { client }: Pick<GithubContext, 'client'>,
  number: number,
): Promise<EditHistory> => {
  const { repository } = await client.query(question, { number }, historySchema);
  return repository.issue;
};

/** The edits so far, to be told from later ones. */
export const editsOf = ({ userContentEdits }: EditHistory): DashboardFile['edits'] => ({
  total: userContentEdits.totalCount,
  ids: userContentEdits.nodes.map(({ id }) => id),
});

/**
 * The edits since an issue was written. The first edit of all brings an entry for the text as it was
 * made, which is left out. @throws ForgeFault where not all of them can be told.
 */
export const editsSince = (
  { author, userContentEdits: { totalCount, nodes } }: EditHistory,
  before: DashboardFile['edits'],
): readonly Edit[] => {
  const seen = new Set(before?.ids);
  const later = nodes.filter(({ id }) => !seen.has(id));
  if (before === null || later.length !== totalCount - before.total) {
    throw new ForgeFault('refused', 'its edits cannot be told from those before it was written');
  }
  if (before.total > 0) return later;
  const first = later.map(({ editedAt }) => editedAt).sort()[0];
  const made = later.findLast(
    ({ editor, editedAt }) => editedAt === first && editor?.login === author?.login,
  );
  return later.filter((edit) => edit !== made);
};
