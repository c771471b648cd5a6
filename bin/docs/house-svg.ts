// SPDX-License-Identifier: GPL-3.0-only
import { type HouseOrder, readHouseOrder } from './house-order.ts';

/** What each room of `src` is for, in a few words. */
const purposes: Readonly<Record<string, string>> = {
  cli: 'commands, progress, what a person reads',
  day: 'by day, for a person: fetches models, drafts specs',
  night: 'takes specs and units through a flow; resumes; publishes',
  learn: 'what nights did well, as rows for training',
  morning: 'summary, report, what red bins say',
  forge: 'where pull requests go, and what people decided',
  review: "the gate's rule, exams, kappa",
  agent: 'registry, prompt, and the loop with its bounds',
  engine: 'inference behind one contract, on this machine',
  tool: 'all that a model can do',
  boundary: 'sandbox, verifier of calls, dependencies',
  code: 'exports and imports of modules, and where these lead',
  workspace: 'base tree, overlay, patches, commits',
  trace: 'bundles, journal, lock',
  markdown: 'frontmatter, headings, links, byte for byte',
  config: 'pantheon.yaml, profiles, runtimes',
  flow: 'flows as data: graph, conditions, workflows',
  chore: 'chores, and the sentences that ask for them',
  spec: 'specs and scopes',
  secrets: 'what looks like a secret, and texts without it',
  data: 'digests, documents, a person’s mistakes',
};

const row = { height: 30, gap: 4 };
const chip = { height: 20, gap: 6, letter: 5.8 };
const top = 64;
const house = { x: 250, width: 680 };
const side = { width: 200 };
const ground = 40;

/**
 * The picture of the house, from the rules that hold it up (`.dependency-cruiser.cjs`).
 * @throws Error when a room has no purpose or a purpose no room.
 */
export const houseSvg = (root: string): string => draw(checked(readHouseOrder(root)));

const checked = (order: HouseOrder): HouseOrder => {
  const odd = [
    ...order.rooms.filter((room) => !Object.hasOwn(purposes, room)),
    ...Object.keys(purposes).filter((room) => !order.rooms.includes(room)),
  ];
  if (odd.length > 0) throw new Error(`the house and its picture differ: ${odd.join(', ')}`);
  return order;
};

const draw = ({ rooms, inner }: HouseOrder): string => {
  const heightOf = (room: string) => row.height + (inner.has(room) ? chip.height + 6 : 0);
  const floors = new Map<string, number>();
  let bottom = top;
  for (const room of rooms) {
    floors.set(room, bottom);
    bottom += heightOf(room) + row.gap;
  }
  const floor = (room: string) => floors.get(room) ?? top;
  const height = bottom + ground;
  const width = house.x + house.width + 60;
  const { x, width: w } = house;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The house: rooms of src and their folders, arrows point down">`,
    '<title>The house: rooms of src and their folders, arrows point down</title>',
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#57606a"/></marker></defs>',
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    '<g font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" font-size="13" fill="#24292f">',
    `<path d="M${x - 14} ${top - 8}L${x + w / 2} 12L${x + w + 14} ${top - 8}z" fill="#ddf4ff" stroke="#57606a"/>`,
    text(x + w / 2, top - 18, 'src', 'font-weight="bold" text-anchor="middle"'),
    ...rooms.flatMap((room) => [
      box(x, floor(room), w, heightOf(room), '#f6f8fa'),
      text(x + 14, floor(room) + 20, room, 'font-weight="bold"'),
      text(x + 112, floor(room) + 20, purposes[room] ?? '', 'fill="#57606a"'),
      ...chips(x + 14, floor(room) + row.height - 2, inner.get(room) ?? []),
    ]),
    arrow(x + w + 26, top, x + w + 26, bottom - row.gap - 4),
    `<text transform="translate(${x + w + 44} ${(top + bottom) / 2}) rotate(90)" text-anchor="middle" fill="#57606a">imports point down, and within a room to the right</text>`,
    ...beside(20, floor('agent'), 'actions/', [
      'a folder per agent: agent.yaml,',
      'prompt.md or agent.ts, rules/',
      'found at run time; may import',
      'from src, never the reverse',
    ]),
    ...beside(20, floor('tool') + row.height + 60, 'your repository', [
      'specs/, pantheon.yaml, flows/,',
      'agents/, tools/: read from the',
      'commit, not the checkout',
    ]),
    ...beside(20, floor('cli'), 'state folder', [
      'what outlives a night: traces,',
      'exams, ledger, decisions,',
      'pull requests, dependencies',
    ]),
    arrow(house.x - 2, floor('night') + 15, 22 + side.width, floor('cli') + 49),
    arrow(house.x - 2, floor('agent') + 15, 22 + side.width, floor('agent') + 15),
    arrow(house.x - 2, floor('workspace') + 15, 22 + side.width, floor('tool') + row.height + 85),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};

/** The folders of a room from left to right; those that know nothing of each other touch. */
const chips = (
  start: number,
  y: number,
  rows: readonly (readonly string[])[],
): readonly string[] => {
  const drawn: string[] = [];
  let x = start;
  for (const names of rows) {
    for (const name of names) {
      const width = Math.round(name.length * chip.letter) + 8;
      drawn.push(box(x, y, width, chip.height, '#ffffff'));
      drawn.push(text(x + width / 2, y + 14, name, 'font-size="11" text-anchor="middle"'));
      x += width;
    }
    x += chip.gap;
  }
  return drawn;
};

const beside = (
  x: number,
  y: number,
  title: string,
  lines: readonly string[],
): readonly string[] => [
  box(x, y, side.width, 34 + lines.length * 18, '#fff8c5'),
  text(x + 12, y + 21, title, 'font-weight="bold"'),
  ...lines.map((line, index) =>
    text(x + 12, y + 41 + index * 18, line, 'font-size="12" fill="#57606a"'),
  ),
];

const box = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${fill}" stroke="#d0d7de"/>`;

const text = (x: number, y: number, words: string, look: string): string =>
  `<text x="${x}" y="${y}" ${look}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

const arrow = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#57606a" marker-end="url(#tip)"/>`;
