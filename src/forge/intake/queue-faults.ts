// SPDX-License-Identifier: GPL-3.0-only
import type { Source } from '../../data/read-source.ts';
import { collectSpecs } from '../../spec/load-specs.ts';
import type { Spec } from '../../spec/schema.ts';
import { ForgeFault } from '../forge-fault.ts';
import { type GithubIssue, issueSchema } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { listApproved } from './list-approved.ts';
import { describeMistake, type ReadOptions, readIssue } from './read-issue.ts';
import { nameIssues, sourceName } from './source-name.ts';

/** Beyond so many issues that wait for each other nobody is asked. */
const mostIssues = 20;

type Asking = Pick<GithubContext, 'client'>;

/**
 * What the night's queue would have against a spec for the sake of the others: an id that one of them
 * has, a spec to wait for that is not there, a cycle. Of issues those count that somebody approved (for anyone
 * may write an id into another), and open ones that it waits for. @throws ForgeFault.
 */
export const queueFaults = async (
  context: Asking,
  { number }: Pick<GithubIssue, 'number'>,
  { spec, yaml }: { readonly spec: Spec; readonly yaml: string },
  options: ReadOptions,
): Promise<readonly string[]> => {
  const own = { name: sourceName(number), text: yaml };
  const approved = (await listApproved(context))
    .filter((issue) => issue.number !== number)
    .flatMap((issue) => read(issue, options) ?? []);
  const others = await withAwaited(context, spec, approved, options);
  const sources = [...(options.files ?? []), ...others.map(({ source }) => source), own];
  const { mistakes } = await collectSpecs(sources, options.past, options.flows);
  return mistakes
    .filter(({ place }) => place?.file === own.name)
    .flatMap(({ message }) => message.split('\n').map(describeLine));
};

type Other = { readonly source: Source; readonly spec: Spec };

const read = (issue: GithubIssue, options: ReadOptions): Other | undefined => {
  const understood = readIssue(issue, options);
  if ('mistakes' in understood) return undefined;
  const { spec, yaml } = understood;
  return { source: { name: sourceName(issue.number), text: yaml }, spec };
};

/** With the open issues that a spec waits for, and those that these wait for. */
const withAwaited = async (
  { client }: Asking,
  spec: Spec,
  approved: readonly Other[],
  options: ReadOptions,
): Promise<readonly Other[]> => {
  const others = new Map(approved.map((other) => [other.spec.id, other]));
  const wanted = [...spec.dependsOn];
  const asked = new Set([spec.id]);
  for (const id of wanted) {
    const issue_number = Number(/^issue-(\d{1,9})$/.exec(id)?.[1]);
    const isNew = !asked.has(id) && asked.size <= mostIssues;
    asked.add(id);
    const there = others.get(id);
    if (there) wanted.push(...(isNew ? there.spec.dependsOn : []));
    if (there || !isNew || !issue_number) continue;
    const issue = await client
      .call(githubRoutes.issue, { issue_number }, issueSchema)
      .catch(asAbsent);
    const other = issue?.state === 'open' && !issue.pull_request ? read(issue, options) : undefined;
    // Whoever gave its spec another id is waited for by that one.
    if (other?.spec.id !== id) continue;
    others.set(id, other);
    wanted.push(...other.spec.dependsOn);
  }
  return [...others.values()];
};

const asAbsent = (error: unknown): undefined => {
  if (error instanceof ForgeFault && [301, 404, 410].includes(error.status ?? 0)) return undefined;
  throw error;
};

/** A line about a file, in the words of the form. */
const describeLine = (line: string): string => {
  const [, key, index, message] = /^\S+: (\w+)(?:\.(\d+))?: (.*)$/s.exec(line) ?? [];
  if (key === undefined || message === undefined) return nameIssues(line);
  const path = [key, ...(index === undefined ? [] : [Number(index)])];
  return describeMistake({ path, message: nameIssues(message) });
};
