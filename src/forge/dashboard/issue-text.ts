// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { codeSpan, inlineText } from '../../markdown/inline.ts';
import { scrub } from '../../secrets/scrub.ts';
import type { DashboardBox, DashboardItem } from './item.ts';
import { lastTick, type Tick, type TickAction, tickers } from './ticks.ts';

/** Begins the text of the dashboard issue. */
export const dashboardMarker = '<!-- pantheon:dashboard -->';
export const dashboardTitle = 'Pantheon: specs that wait';
export const dashboardLabel = 'pantheon:dashboard';

type DashboardText = {
  readonly items: readonly DashboardItem[];
  readonly ticks: readonly Tick[];
  readonly notes: readonly { readonly at: string; readonly text: string }[];
};

/** More would not fit into an issue (65,536 characters) with the boxes of each. */
const mostItems = 80;
const mostReason = 300;

const sections: readonly (readonly [DashboardItem['state'], string])[] = [
  ['to-approve', 'To approve'],
  ['red', 'Red'],
  ['pending', 'Pending'],
];

/** The text of the dashboard issue, and the boxes in it. */
export const dashboardText = ({
  items,
  ticks,
  notes,
}: DashboardText): { readonly body: string; readonly boxes: readonly DashboardBox[] } => {
  const shown = sections
    .flatMap(([state]) => items.filter((item) => item.state === state))
    .slice(0, mostItems);
  const more = items.length - shown.length;
  const boxes = shown.flatMap((item) =>
    boxesOf(item).filter(({ action }) => action !== standing(item, ticks)?.action),
  );
  const body = [
    dashboardMarker,
    'Every spec that waits, with the reason. Ticks are read before the next night and by `pantheon sync`; they count only where nobody without write access has edited this issue since it was written. What else is written here is overwritten.',
    '',
    ...notes.map(({ at, text }) => `> **${at}**: ${inlineText(text)}`),
    ...(notes.length > 0 ? [''] : []),
    ...(items.length === 0 ? ['Nothing waits.', ''] : []),
    ...sections.flatMap(([state, title]) => {
      const own = shown.filter((item) => item.state === state);
      if (own.length === 0) return [];
      const lines = own.flatMap((item) => itemLines(item, ticks, boxes));
      return [`### ${title} (${own.length})`, '', ...lines, ''];
    }),
    ...(more > 0 ? [`And ${countNoun(more, 'more spec')}: \`pantheon dashboard\`.`, ''] : []),
  ].join('\n');
  return { body, boxes };
};

const itemLines = (
  item: DashboardItem,
  ticks: readonly Tick[],
  boxes: readonly DashboardBox[],
): readonly string[] => {
  const { spec, title, code, reason, issue, url } = item;
  const tick = standing(item, ticks);
  const where = [...(issue === undefined ? [] : [`#${issue}`]), ...(isLink(url) ? [url] : [])];
  const cut = scrub(reason).split('\n')[0] ?? '';
  const short = cut.length > mostReason ? `${cut.slice(0, mostReason)}...` : cut;
  return [
    `- **${inlineText(scrub(title).slice(0, mostReason))}** ${[codeSpan(spec), ...where].join(' ')}: ${inlineText(short)}${code === undefined ? '' : ` (${codeSpan(code)})`}`,
    ...(tick === undefined ? [] : [`  - ${standingText[tick.action]} ${codeSpan(tickers(tick))}`]),
    ...boxes.filter((box) => box.item === item).map(({ line }) => line),
  ];
};

const standingText: Readonly<Record<TickAction, string>> = {
  approve: 'Approved for the next night by',
  retry: 'The next night works it again: asked for by',
  'give-up': 'Given up by',
};

/** Every box that an item can have, whatever was ticked before. */
export const boxesOf = (item: DashboardItem): readonly DashboardBox[] =>
  item.actions.map((action) => ({
    action,
    item,
    line: `  - [ ] ${boxText[action]} ${codeSpan(item.spec)} <!-- ${item.digest.slice(0, 12)} -->`,
  }));

/** What was asked of it and has not come to anything yet. */
const standing = (item: DashboardItem, ticks: readonly Tick[]): Tick | undefined => {
  const tick = lastTick(ticks, item.spec, item.digest);
  return tick?.action === 'retry' && tick.after !== item.after ? undefined : tick;
};

const boxText: Readonly<Record<TickAction, string>> = {
  approve: 'Approve',
  retry: 'Try again in the next night:',
  'give-up': 'Give up:',
};

const isLink = (url: string | undefined): url is string =>
  url !== undefined && /^https?:\/\/[\w.:/%-]+$/.test(url);

/** Those of the boxes whose whole line stands in a text with a tick in it; no other line says anything. */
export const tickedBoxes = (
  text: string,
  boxes: readonly DashboardBox[],
): readonly DashboardBox[] => {
  const lines = new Set(text.split(/\r?\n/).map((line) => line.replace('[X]', '[x]')));
  return boxes.filter(({ line }) => lines.has(line.replace('[ ]', '[x]')));
};
