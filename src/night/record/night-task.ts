// SPDX-License-Identifier: GPL-3.0-only
import { basename } from 'node:path';
import { z } from 'zod';
import { hostCheckSchema } from '../../boundary/attest/schema.ts';
import { commitSchema } from '../../config/schema.ts';
import { findingCodeSchema } from '../../data/findings/table.ts';
import { forgeSnapshotSchema } from '../../forge/snapshot.ts';
import type { Repository } from '../../workspace/repository.ts';
import { journalSchema, nightSchema } from '../record/night-schemas.ts';
import { measuredSecondsSchema } from './measured-seconds.ts';
import { relaysSchema } from './relays.ts';
import type { StateFolder } from './state-folder.ts';

const text = z.string();

/** What a night is to be decided on. */
const decideSchema = z.strictObject({
  kind: z.literal('decide'),
  startedAt: z.iso.datetime(),
  example: z.boolean(),
  forge: forgeSnapshotSchema,
  commitSettings: commitSchema,
  /** What this machine allows the user of the night. */
  host: z.array(hostCheckSchema),
  /** What the person was told before. */
  notices: z.array(text),
  specs: text.optional(),
  profile: text.optional(),
  retry: text.optional(),
  only: z.array(text).optional(),
  flow: text.optional(),
  shards: z.int().optional(),
  /** What specs took in earlier nights, where this one is dealt to shards or a model works. */
  measured: measuredSecondsSchema.optional(),
  /** Ends once the terms are frozen: jobs of their own run the nodes. */
  leave: z.boolean(),
});

/** A night that was interrupted, and what its journal has so far. */
const resumeSchema = z.strictObject({
  kind: z.literal('resume'),
  night: nightSchema,
  records: z.array(journalSchema),
});

/** One node of a night that is decided, or all of its flow, in a job of its own. */
const nodeSchema = z.strictObject({
  kind: z.literal('node'),
  night: nightSchema,
  records: z.array(journalSchema),
  /** The only one that runs. */
  node: text.optional(),
  /** Who must play it. */
  agent: text.optional(),
  /** Those of its shard; without them all specs. */
  specs: z.array(text).optional(),
  /** Name of the packs that it writes. */
  pack: text,
  /** By node: why bundles of its may be missing. */
  absent: z.record(text, z.strictObject({ code: findingCodeSchema, reason: text })),
});

/** All that the part of a night which works is given, as data; paths are those that it sees. */
export const nightTaskSchema = z.strictObject({
  repository: z.strictObject({ root: text, head: text, branch: text.optional() }),
  /** Root of a state folder, of which it reads exams, ledger, outcomes and prepared packages. */
  state: text,
  id: text,
  /** `traces/<id>`. */
  folder: text,
  begin: z.discriminatedUnion('kind', [decideSchema, resumeSchema, nodeSchema]),
  relays: relaysSchema,
});

type Task = Readonly<z.output<typeof nightTaskSchema>>;
type TaskOf<Begin> = Omit<Task, 'begin'> & { readonly begin: Begin };

/** To decide a night and work it, or to go on with one. */
export type WholeTask = TaskOf<Exclude<Task['begin'], { readonly kind: 'node' }>>;
export type NodeTask = TaskOf<z.output<typeof nodeSchema>>;
export type NightTask = WholeTask | NodeTask;

/** The task of a night that has its folder, `traces/<id>`. */
export const wholeTask = (
  { root, head, branch }: Repository,
  state: StateFolder,
  folder: string,
  begin: WholeTask['begin'],
): WholeTask => ({
  repository: { root, head, ...(branch !== undefined && { branch }) },
  ...{ state: state.root, id: basename(folder), folder, begin, relays: {} },
});

/** Whether it is one node of a job, and not a whole night. */
export const isNodeTask = (task: NightTask): task is NodeTask => task.begin.kind === 'node';

/** What a night begins by that is to be decided. */
export type Beginning = Readonly<z.output<typeof decideSchema>>;
