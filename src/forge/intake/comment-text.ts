// SPDX-License-Identifier: GPL-3.0-only
import { codeSpan, inlineText } from '../../markdown/inline.ts';
import { intakeLabels } from './form.ts';

/** The key of the intake's comment on an issue. */
export const intakeKey = 'intake';

/** What the intake's comment says of the issue, for the intake and collect to read again. */
export type IntakeState =
  | { readonly state: 'invalid' }
  | { readonly state: 'valid'; readonly digest: string }
  | { readonly state: 'approved'; readonly digest: string; readonly event: number };

/**
 * Stands on the second line of the comment, below its key: what an issue says is only quoted
 * further down, so it cannot write this line.
 */
const stateLine = (state: IntakeState): string => {
  const digest = 'digest' in state ? ` ${state.digest}` : '';
  const event = 'event' in state ? ` ${state.event}` : '';
  return `<!-- pantheon-intake ${state.state}${digest}${event} -->`;
};

/** What an earlier comment said. */
export const readState = (body: string): IntakeState | undefined => {
  const line = body.split(/\r?\n/)[1] ?? '';
  const match =
    /^<!-- pantheon-intake (invalid|valid|approved)(?: ([0-9a-f]{64}))?(?: (\d{1,15}))? -->$/.exec(
      line,
    );
  const [, state, digest, event] = match ?? [];
  if (state === 'invalid') return { state };
  if (state === 'valid' && digest !== undefined) return { state, digest };
  if (state === 'approved' && digest !== undefined && event !== undefined) {
    return { state, digest, event: Number(event) };
  }
  return undefined;
};

const shownMistakes = 30;

/** For an issue that is not a spec yet: each mistake, and how to go on. */
export const invalidText = (mistakes: readonly string[]): string =>
  [
    stateLine({ state: 'invalid' }),
    '**This is not a valid spec yet.**',
    '',
    ...mistakes.slice(0, shownMistakes).map((mistake) => `- ${inlineText(mistake.slice(0, 500))}`),
    ...(mistakes.length > shownMistakes ? [`- and ${mistakes.length - shownMistakes} more`] : []),
    '',
    'Edit the issue; this comment is kept up to date.',
  ].join('\n');

/** For a valid spec: what was understood, and what happens next. `refusal` says why an approval did not count. */
export const validText = (yaml: string, digest: string, refusal?: string): string =>
  [
    stateLine({ state: 'valid', digest }),
    '**This is a valid spec.** It was understood as:',
    '',
    ...fenced(yaml),
    '',
    ...(refusal === undefined ? [] : [`The approval does not count: ${inlineText(refusal)}.`, '']),
    `A night works it after somebody with write access has read the above and added the label \`${intakeLabels.approved}\`. The label approves this text only (digest \`${digest.slice(0, 12)}\`); an edit needs a new approval.`,
  ].join('\n');

/** For a spec that is approved: by whom, and what exactly. */
export const approvedText = (
  yaml: string,
  digest: string,
  by: { readonly login: string; readonly event: number },
): string =>
  [
    stateLine({ state: 'approved', digest, event: by.event }),
    `**Approved** by ${codeSpan(by.login)} (digest \`${digest.slice(0, 12)}\`), for the next night:`,
    '',
    ...fenced(yaml),
    '',
    'An edit of the issue needs a new approval.',
  ].join('\n');

/** In a fence longer than any in the text: nothing in it is a mention, a link or a command. */
const fenced = (yaml: string): readonly string[] => {
  const longest = (yaml.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}yaml`, yaml.trimEnd(), fence];
};

/** How many characters of a comment a spec takes up, with the fence around it. */
export const shownLength = (yaml: string): number => fenced(yaml).join('\n').length;
