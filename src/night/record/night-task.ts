// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { commitSchema } from '../../config/schema.ts';
import { forgeSnapshotSchema } from '../../forge/snapshot.ts';
import { journalSchema, nightSchema } from '../record/night-schemas.ts';

import { relaysSchema } from './relays.ts';

const text = z.string();

/** What a night is to be decided on. */
const decideSchema = z.strictObject({
  kind: z.literal('decide'),
  startedAt: z.iso.datetime(),
  example: z.boolean(),
  forge: forgeSnapshotSchema,
  commitSettings: commitSchema,
  /** What the person was told before. */
  notices: z.array(text),
  specs: text.optional(),
  profile: text.optional(),
  retry: text.optional(),
  only: z.array(text).optional(),
  flow: text.optional(),
  shards: z.int().optional(),
  /** Ends once the terms are frozen: jobs of their own run the nodes. */
  leave: z.boolean(),
});

/** A night that was interrupted, and what its journal has so far. */
const resumeSchema = z.strictObject({
  kind: z.literal('resume'),
  night: nightSchema,
  records: z.array(journalSchema),
});

/** All that the part of a night which works is given, as data; paths are those that it sees. */
export const nightTaskSchema = z.strictObject({
  repository: z.strictObject({ root: text, head: text, branch: text.optional() }),
  /** Root of a state folder, of which it reads exams, ledger, outcomes and prepared packages. */
  state: text,
  id: text,
  /** `traces/<id>`. */
  folder: text,
  begin: z.discriminatedUnion('kind', [decideSchema, resumeSchema]),
  relays: relaysSchema,
});

export type NightTask = Readonly<z.output<typeof nightTaskSchema>>;

/** What a night begins by that is to be decided. */
export type Beginning = Readonly<z.output<typeof decideSchema>>;
