// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import {
  type EngineSummary,
  engineSummarySchema,
  type MeasuredFigures,
} from '../../morning/summary.ts';
import { rounded } from '../publish/summarise-engines.ts';
import { ArtifactFault } from './artifact-contents.ts';
import { figuresName, figuresPrefix, type WorkingJob } from './job-files.ts';

type Measure = (figures: MeasuredFigures) => number;

const fileSchema = z.array(engineSummarySchema).max(1000);
const mostBytes = 4 * 1024 ** 2;

/** Leaves what a job's engines did in the night's folder; rules have nothing to tell. */
export const leaveFigures = async (
  folder: string,
  job: WorkingJob,
  engines: readonly EngineSummary[],
): Promise<void> => {
  if (engines.length > 0) {
    await writeFile(join(folder, figuresName(job)), `${JSON.stringify(engines)}\n`);
  }
};

/** @throws ArtifactFault when it is not what a job leaves. */
export const readFigures = async (file: string): Promise<readonly EngineSummary[]> => {
  try {
    if ((await stat(file)).size > mostBytes) throw new Error('it is too large');
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ArtifactFault(`holds ${basename(file)}, which is not what a job writes`, { cause });
  }
};

/** What all jobs of a night's folder left, an entry per engine and model. */
export const gatherFigures = async (folder: string): Promise<readonly EngineSummary[]> => {
  const names = (await readdir(folder)).filter((name) => name.startsWith(figuresPrefix)).sort();
  const all = await Promise.all(names.map((name) => readFigures(join(folder, name))));
  const same = Map.groupBy(all.flat(), ({ engine, model = '', origin }) =>
    JSON.stringify([engine, model, origin]),
  );
  return [...same.values()].map(together);
};

const together = (jobs: readonly EngineSummary[]): EngineSummary => {
  const { agents: _, ...first } = jobs[0] as EngineSummary;
  const byAgent = Map.groupBy(
    jobs.flatMap(({ agents }) => agents),
    ({ agent }) => agent,
  );
  return {
    ...first,
    ...sum(jobs),
    since: 'jobs',
    slots: Math.max(...jobs.map(({ slots }) => slots)),
    agents: [...byAgent]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([agent, parts]) => ({ agent, ...sum(parts) })),
  };
};

/** Counts add up; a rate is the jobs' own, each by the time it was busy, and a wait by its requests. */
const sum = (parts: readonly MeasuredFigures[]): MeasuredFigures => {
  const total = (of: Measure): number => parts.reduce((all, part) => all + of(part), 0);
  const mean = (of: Measure, weight: Measure): number => {
    const weights = total(weight);
    return weights > 0 ? total((part) => of(part) * weight(part)) / weights : 0;
  };
  const busy: Measure = ({ busySeconds }) => busySeconds;
  const prompt = total(({ tokens }) => tokens.prompt);
  const cached = total(({ tokens }) => tokens.cached);
  return rounded({
    requests: total(({ requests }) => requests),
    failures: total(({ failures }) => failures),
    retries: total(({ retries }) => retries),
    tokens: { prompt, cached, completion: total(({ tokens }) => tokens.completion) },
    busySeconds: total(busy),
    batch: mean(({ batch }) => batch, busy),
    tokensPerSecond: mean(({ tokensPerSecond }) => tokensPerSecond, busy),
    prefixHitRate: prompt > 0 ? Math.min(1, cached / prompt) : null,
    queueMs: {
      mean: mean(
        ({ queueMs }) => queueMs.mean,
        ({ requests }) => requests,
      ),
      // Not known of all together, and no job's own is above this.
      p95: Math.max(...parts.map(({ queueMs }) => queueMs.p95)),
      max: Math.max(...parts.map(({ queueMs }) => queueMs.max)),
    },
  });
};
