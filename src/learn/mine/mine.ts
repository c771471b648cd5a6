// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../../data/digest.ts';
import { readSummary } from '../../morning/read-summary.ts';
import type { Bundle } from '../../trace/bundle.ts';
import { openTraces, type Traces } from '../../trace/open-traces.ts';
import type { RowSource } from './candidate.ts';
import type { DecidedUnits } from './decided-units.ts';
import { type DecisionMakers, decisionRow, isPicked } from './decision-row.ts';
import { findSources } from './find-sources.ts';
import { countLeftOut, type LeftOutCounts, type LeftOutReason } from './left-out.ts';
import { auditEpisode, type MaskAudit, noAudit } from './mask-audit.ts';
import { type Episode, type EpisodeRefusal, readEpisode } from './read-episode.ts';
import { openRowFiles, type RowFile } from './row-files.ts';
import { type AnswerRow, chatRow, isRight, reviewRow, stepRows } from './rows.ts';
import { createLinks, type Links, type Split, sideOf } from './split.ts';

export type MineOptions = {
  /** Folders of nights that were published, oldest first. */
  readonly nights: readonly string[];
  readonly decided: DecidedUnits;
  /** See `stagesBy`. */
  readonly stageOf: (acceptance: readonly string[]) => number;
  readonly makers: DecisionMakers;
  /** Only rows of this agent, `name` or `name@version`; the split is the same with and without. */
  readonly agent?: string | undefined;
  /** The share of groups that is held out, 0 to 1. */
  readonly heldOut: number;
  /** An empty folder for the rows; without one they are only counted. */
  readonly out?: string | undefined;
};

/** What was mined. */
export type Mined = {
  readonly nights: number;
  /** How many bundles became rows, and the sha256 over their sorted identities. */
  readonly bundles: { readonly count: number; readonly sha256: string };
  /** Specs with their files that share nothing, by split. */
  readonly groups: Readonly<Record<Split, number>>;
  readonly stages: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly files: readonly RowFile[];
  readonly audit: Readonly<Record<Split, MaskAudit>>;
  readonly leftOut: LeftOutCounts;
};

/**
 * Makes rows of what nights did well: the same bytes of the same bundles. It goes over the bundles twice, with one unit's
 * bundles in memory at a time: what can be learned is found and tied first, then written, easy rows first.
 * @throws UserError where a night's summary cannot be read.
 */
export const mine = async (options: MineOptions): Promise<Mined> => {
  const { agent, nights } = options;
  const { counts, leaveOut } = countLeftOut();
  const links = createLinks();
  const seen = new Set<string>();
  const sources: RowSource[] = [];
  const traces = new Map<string, Traces>();
  for (const folder of nights) {
    const night = { folder, summary: await readSummary(folder), traces: openTraces(folder) };
    traces.set(folder, night.traces);
    for (const source of findSources(night, { ...options, links, leaveOut, seen })) {
      const [name] = source.agent.split('@');
      if (agent === undefined || agent === name || agent === source.agent) sources.push(source);
    }
  }
  sources.sort(byCurriculum);
  return {
    nights: nights.length,
    ...(await writeRows(sources, traces, links, leaveOut, options)),
    leftOut: counts,
  };
};

/** Easy ones first: by stage, steps, files, length, and then by name, so that the order is one. */
const byCurriculum = (a: RowSource, b: RowSource): number =>
  a.stage - b.stage ||
  a.steps - b.steps ||
  a.files - b.files ||
  a.characters - b.characters ||
  (a.id < b.id ? -1 : 1);

const writeRows = async (
  sources: readonly RowSource[],
  traces: ReadonlyMap<string, Traces>,
  links: Links,
  leaveOut: (reason: LeftOutReason) => void,
  { out, heldOut, makers }: MineOptions,
): Promise<Omit<Mined, 'nights' | 'leftOut'>> => {
  const files = openRowFiles(out);
  const audit: Record<Split, MaskAudit> = { train: noAudit, 'held-out': noAudit };
  const groups = { train: new Set<string>(), 'held-out': new Set<string>() };
  const stages: Record<string, number> = {};
  const outcomes: Record<string, number> = {};
  const identities: string[] = [];
  const asked = new Set<string>();
  for (const source of sources) {
    const sides = new Set(source.names.map((name) => sideOf(links.groupOf(name), heldOut)));
    const [split = 'train'] = sides;
    const bundle = traces.get(source.folder)?.read(source.address);
    const told = sides.size === 1 && bundle ? await readRows(source, bundle, makers) : 'straddling';
    if (typeof told === 'string') {
      leaveOut(told);
      continue;
    }
    const { episode, decision } = told;
    const question = decision && sha256(JSON.stringify(decision.prompt));
    if (question !== undefined && asked.has(question) && !episode) {
      leaveOut('duplicate');
      continue;
    }
    if (decision && question !== undefined && !asked.has(question)) {
      files.add('decisions', split, decision);
      asked.add(question);
    }
    if (episode) audit[split] = addEpisode(files, split, source, episode, audit[split]);
    groups[split].add(links.groupOf(source.names[0] ?? ''));
    stages[source.stage] = (stages[source.stage] ?? 0) + 1;
    outcomes[source.outcome] = (outcomes[source.outcome] ?? 0) + 1;
    identities.push(source.identity);
  }
  return {
    bundles: { count: identities.length, sha256: sha256(identities.sort().join('\n')) },
    groups: { train: groups.train.size, 'held-out': groups['held-out'].size },
    ...{ stages, outcomes, audit },
    files: files.close(),
  };
};

type Told = { readonly episode?: Episode; readonly decision?: AnswerRow };

/** The conversation of a bundle and the decision in it; one that picks has no conversation beside its decision. */
const readRows = async (
  source: RowSource,
  { files }: Bundle,
  makers: DecisionMakers,
): Promise<Told | EpisodeRefusal> => {
  const episode = isPicked(files) ? undefined : readEpisode(files);
  if (typeof episode === 'string') return episode;
  const decision = await decisionRow(source, files, makers);
  if (episode) return typeof decision === 'string' ? { episode } : { episode, decision };
  return typeof decision === 'string' ? decision : { decision };
};

/** Adds the rows of a conversation; the audit with it. */
const addEpisode = (
  files: ReturnType<typeof openRowFiles>,
  split: Split,
  source: RowSource,
  episode: Episode,
  audit: MaskAudit,
): MaskAudit => {
  const { review } = source;
  if (review) files.add('reviews', split, reviewRow(source, review, episode));
  if (review && !isRight(review)) return audit;
  const row = chatRow(source, episode);
  files.add(row.masked > 0 ? 'masked' : 'messages', split, row);
  for (const step of stepRows(source, episode)) files.add(step.kind, split, step.row);
  return auditEpisode(audit, source, episode);
};
