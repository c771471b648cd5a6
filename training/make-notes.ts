// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';

/*
 * Writes a repository of notes that are messy in the ways that notes are, with a spec for each of twelve folders and
 * a profile of rules: make-notes.ts FOLDER [--notes N] [--seed N]. Committed and worked by `pantheon night`, they give
 * `pantheon train doc.frontmatter --dialect decision` its rows. The same seed gives the same notes.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    notes: { type: 'string', default: '144' },
    seed: { type: 'string', default: '7' },
  },
});
const folder = resolve(positionals[0] ?? 'notes');

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
let state = Number(values.seed);
const random = (): number => {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};
const below = (bound: number): number => Math.floor(random() * bound);
const pick = <Item>(list: readonly Item[]): Item => list[below(list.length)] as Item;
const chance = (share: number): boolean => random() < share;
const shuffle = <Item>(list: readonly Item[]): readonly Item[] =>
  list
    .map((item) => [random(), item] as const)
    .sort(([left], [right]) => left - right)
    .map(([, item]) => item);

const wordsOf = (text: string): readonly string[] => text.split(' ');
const nouns = wordsOf(
  'bread garden river letter bicycle kettle window harbour orchard meeting invoice backup server router parser schema queue cache lantern compass notebook workshop violin kitchen attic bridge ferry market tailor engine sensor battery monitor keyboard printer database migration release incident budget roadmap survey recipe stove chimney cellar balcony staircase',
);
const verbs = wordsOf(
  'repair plan review describe rebuild measure clean sort move replace test paint order store share inspect document translate calibrate schedule',
);
const adjectives = wordsOf(
  'old small weekly broken new quiet shared narrow blue spare winter summer remote local draft second final open wooden plain',
);
const tagWords = wordsOf(
  'home work ideas todo reading travel food music ops infra docs design research meeting garden health finance history code hardware',
);
const noun = () => pick(nouns);
const verb = () => pick(verbs);
const adjective = () => pick(adjectives);
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const heading = (): string =>
  pick([
    () => `${capital(verb())} the ${adjective()} ${noun()}`,
    () => `${capital(adjective())} ${noun()} and ${noun()}`,
    () => `How to ${verb()} a ${noun()}`,
    () =>
      `${capital(noun())} ${pick(['v2', '2024', 'notes', 'log', '(draft)', '& more', '- part 2'])}`,
    () => `\`${noun()}.ts\``,
    () => `**${capital(noun())}**: ${adjective()} ${noun()}`,
    () => `${pick(['🛠️', '📦', '✅'])} ${capital(verb())} ${noun()}`,
  ])();

const sentence = (): string => {
  const begun = `${capital(adjective())} ${noun()}s ${pick(['need', 'take', 'show', 'hide'])} a ${adjective()} ${noun()}`;
  return `${begun}${chance(0.3) ? `, so ${verb()} the ${noun()} first` : ''}.`;
};

const fileName = (): string =>
  pick([
    () => `${verb()}-${adjective()}-${noun()}`,
    () => `${capital(noun())} ${noun()}`,
    () => `${noun()}_${noun()}`,
    () => `2024-0${1 + below(9)}-1${below(9)} ${noun()}`,
    () => `${noun()}${below(900)}`,
  ])();

const tagLines = (tags: readonly string[]): string =>
  tags.length === 0
    ? 'tags:'
    : pick([
        () => `tags: [${tags.join(', ')}]`,
        () => `tags:\n${tags.map((tag) => `  - ${tag}`).join('\n')}`,
        () => `tags: ${tags.join(', ')}`,
      ])();

const frontmatter = (): readonly string[] => {
  const tags = shuffle(tagWords).slice(0, below(5));
  if (!chance(0.45)) return [];
  const lines: string[] = [];
  if (chance(0.4)) {
    const quote = pick([(text: string) => text, (text: string) => JSON.stringify(text)]);
    lines.push(`title: ${quote(`${capital(adjective())} ${noun()}`)}`);
  }
  if (chance(0.55)) lines.push(tagLines(tags));
  if (chance(0.4)) lines.push(`author: ${pick(['Ann', 'Ben', 'Cy'])}`);
  if (chance(0.3)) lines.push(`status: ${pick(['draft', 'done'])}`);
  return lines;
};

const note = (): string => {
  const front = frontmatter();
  const isTagged = chance(0.45);
  const lines = front.length > 0 ? ['---', ...shuffle(front), '---', ''] : [];
  if (chance(0.75)) lines.push(`${pick(['#', '#', '#', '##'])} ${heading()}`, '');
  const paragraphs = 1 + below(3);
  for (let paragraph = 0; paragraph < paragraphs; paragraph += 1) {
    if (chance(0.4)) lines.push(`## ${capital(noun())}`, '');
    if (chance(0.3)) {
      lines.push(...Array.from({ length: 3 }, () => `- ${verb()} the ${noun()}`), '');
    }
    const said = `${sentence()} ${sentence()}`;
    lines.push(isTagged && chance(0.7) ? `${said} #${pick(tagWords)}` : said, '');
  }
  if (isTagged && chance(0.5)) {
    const tags = shuffle(tagWords).slice(0, 3);
    lines.push(tags.map((tag) => `#${tag}`).join(' '), '');
  }
  return lines.join('\n');
};

const parts = Array.from({ length: 12 }, (_, at) => `part-${String(at).padStart(2, '0')}`);
const names = new Set<string>();
for (let at = 0; at < Number(values.notes); at += 1) {
  const place = join(folder, 'notes', parts[at % parts.length] as string);
  mkdirSync(place, { recursive: true });
  let name = fileName();
  while (names.has(name)) name = fileName();
  names.add(name);
  writeFileSync(join(place, `${name}.md`), note());
}
mkdirSync(join(folder, 'specs'), { recursive: true });
for (const part of parts) {
  const spec = {
    title: `Normalise the notes of ${part}`,
    ...{ flow: 'docops', scope: `notes/${part}/**/*.md` },
    acceptance: [
      'The frontmatter of every note is normalised',
      'The body of every note is unchanged',
    ],
  };
  writeFileSync(join(folder, 'specs', `${part}.yaml`), stringify(spec));
}
const rules = [
  { engine: 'rules', rules: 'by-acceptance' },
  { engine: 'rules', rules: 'by-redoing' },
];
const profiles = { embedded: { default: { engine: 'rules' }, 'review.peer': rules } };
writeFileSync(
  join(folder, 'pantheon.yaml'),
  stringify({ profile: 'embedded', profiles, gate: { maxOpen: 100 } }),
);
