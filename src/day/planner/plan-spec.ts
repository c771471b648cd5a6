// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { describeSecret, secretInText } from '../../secrets/find-secrets.ts';
import { type Drafted, type Read, readCritique, readDraft } from './answer.ts';
import { askPlanner, type ChatMessage } from './chat.ts';
import { againMessages, critiqueMessages, draftMessages, type RepositoryView } from './prompt.ts';
import type { PlannerSettings } from './settings.ts';

export type Planning = {
  readonly settings: PlannerSettings;
  readonly view?: RepositoryView | undefined;
  /** Shows the person where to, and everything that is to be sent; nothing goes before it says yes. */
  readonly confirm: (host: string, messages: readonly ChatMessage[]) => Promise<boolean>;
  readonly signal: AbortSignal;
};

/** Has the planner draft a spec. @throws UserError when the person declines or it cannot be had. */
export const draftSpec = (wish: string, planning: Planning): Promise<Drafted> => {
  const plain = wish.trim();
  if (plain === '') throw new UserError('say in a sentence what you want');
  const secret = secretInText(plain);
  if (secret) throw new UserError(`the wish ${describeSecret(secret)}; say it without`);
  if (plain.length > maxWish) throw new UserError(`say it in at most ${maxWish} characters`);
  return plan(draftMessages(plain, planning.view), readDraft, planning);
};

/** Has the planner criticise a spec. @throws as `draftSpec`. */
export const critiqueSpec = (text: string, planning: Planning): Promise<Drafted> =>
  plan(critiqueMessages(text, planning.view), readCritique, planning);

const maxWish = 10_000;

/** A model that answered badly is told why, once. */
const plan = async (
  messages: readonly ChatMessage[],
  read: (text: string) => Read,
  { settings, confirm, signal }: Planning,
): Promise<Drafted> => {
  if (!(await confirm(settings.url.host, messages))) {
    throw new UserError('nothing was sent');
  }
  const first = await askPlanner(settings, messages, signal);
  const read1 = read(first);
  if ('drafted' in read1) return read1.drafted;
  const second = read(
    await askPlanner(settings, againMessages(messages, first, read1.fault), signal),
  );
  if ('drafted' in second) return second.drafted;
  throw new UserError(
    `${settings.url.host}: "${settings.model}" answered twice with something else than a spec: ${second.fault}`,
  );
};
