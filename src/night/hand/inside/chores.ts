// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openChores } from '../../../chore/chores.ts';
import type { OwnChores } from '../../../chore/own-chores.ts';
import { ownFault } from '../../../chore/own-chores.ts';
import { type Judge, openReach } from '../../../chore/patch.ts';
import type { Plan } from '../../../chore/plan.ts';
import { type Chore, readChore } from '../../../chore/read-chore.ts';
import type { ChoreModule } from '../../../chore/schema.ts';
import { replayScript } from '../../../chore/script.ts';
import { lendModules } from '../../../data/found-modules.ts';
import { memoise } from '../../../data/memoise.ts';
import { messageOf } from '../../../data/message-of.ts';
import type { Spoil } from '../../../review/exam/draft.ts';
import { seededRandom } from '../../../review/exam/seeded-random.ts';
import type { HandCall } from '../messages.ts';
import { watchChore } from './faults.ts';
import { guardOwn } from './guard-chore.ts';

const ownModuleUrl = new URL('../../../chore/pantheon-chore.ts', import.meta.url).href;

const choreIn = memoise(100, (folder) => readChore(folder).chore);

const load = async (chore: Chore, name: ChoreModule, file: string): Promise<unknown> => {
  await lendModules(chore.folder, 'pantheon/chore', ownModuleUrl);
  watchChore(chore);
  const { href } = pathToFileURL(join(chore.folder, file));
  const module: Readonly<Record<string, unknown>> = await import(href).catch((cause) => {
    throw ownFault(chore, file, `cannot be loaded: ${messageOf(cause)}`, cause);
  });
  return guardOwn(chore, name, file, module[name]);
};

/** Here the code of a repository's chores is loaded. */
const here: OwnChores = { load };

/** The chores that ship and those of these folders, whose code is run in this process. */
export const choresHere = (folders: readonly string[]) => openChores(folders, here);

/** A module of a chore. @throws UserError where it cannot be loaded. */
export const openModule = (folder: string, name: ChoreModule, file: string): Promise<unknown> =>
  load(choreIn(folder), name, file);

type CallOf<Name> = Extract<HandCall, { readonly do: Name }>;

/** How far a judge comes with the replies there are. */
export const judgeHere = async (call: CallOf<'judge' | 'redo'>): Promise<unknown> => {
  const { folder, file, args, patch, texts, replies } = call;
  const judge = (await openModule(folder, call.do, file)) as Judge<unknown>;
  const reach = openReach(patch.base, patch.patched);
  const judgement = judge(args, { ...patch, ...reach }, texts);
  if ('findings' in judgement) return { used: 0, end: judgement };
  return replayScript(judgement, replies);
};

/** What a chore says before any work. */
export const planHere = async ({ folder, file, args, spec }: CallOf<'plan'>): Promise<unknown> =>
  ((await openModule(folder, 'plan', file)) as Plan<unknown>)(args, { spec });

/** A chore done right and wrong, by a seed. */
export const spoilHere = async (call: CallOf<'spoil'>): Promise<unknown> => {
  const spoil = (await openModule(call.folder, 'spoil', call.file)) as Spoil;
  return spoil(call.material, seededRandom(call.seed));
};
