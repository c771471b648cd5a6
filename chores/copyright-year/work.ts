// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { TextEdit } from '../../src/code/edits.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { mentionsIn, type Notice, noticesIn, ownersIn } from './notices.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

/** Looks for notices in every file that speaks of copyright; those of other holders are left and named. */
export const work: Work<Args, CodeHands> = function* ({ year, holder, files }, { tree }) {
  const notices = new Map<string, readonly Notice[]>();
  for (const path of yield* speaking(tree))
    notices.set(path, noticesIn(path, yield* tree.read(path)));
  const isMeant = coveredBy(files);
  const meant = [...notices].filter(([path]) => isMeant(path) && tree.mayWrite(path));
  if (meant.every(([, all]) => all.length === 0))
    throw new Declined('no copyright notice with a year is in these files');
  const owner = holder ?? (yield* ownerOf(tree, notices));
  const left: { readonly path: string; readonly reason: string }[] = [];
  const mentions: string[] = [];
  let [count, there] = [0, 0];
  for (const [path, all] of meant) {
    const owned = all.filter((notice) => notice.holder === owner);
    const stranger = all.find((notice) => notice.holder !== owner && notice.last < year);
    if (holder === undefined && stranger)
      left.push({ path, reason: `has a notice of "${stranger.holder}", not of "${owner}"` });
    const lines = mentionsIn(yield* tree.read(path), all, year);
    mentions.push(...lines.map((line) => `${path}:${line}`));
    const edits = owned.flatMap((notice) => editOf(notice, year));
    yield* tree.edit(path, edits);
    count += edits.length;
    there += owned.length;
  }
  if (there === 0) throw new Declined(`no copyright notice in these files is of "${owner}"`);
  const others = left.map(({ path, reason }) => `${path} ${reason}`).slice(0, 10);
  const done = `copyright-year: ${count} notices of "${owner}", the others had it`;
  const places = mentions.length > 0 ? [`not changed: ${mentions.slice(0, 10).join(', ')}`] : [];
  return { notes: [done, ...others, ...places].join('; '), mentions, left };
};

function* speaking(tree: WorkingTree): Script<readonly string[]> {
  const paths = new Set<string>();
  for (const mark of [
    'Copyright',
    'copyright',
    'COPYRIGHT',
    'FileCopyrightText',
    '©',
    '(c)',
    '(C)',
  ])
    for (const path of yield* tree.containing(mark)) paths.add(path);
  return [...paths].sort();
}

function* ownerOf(
  tree: WorkingTree,
  notices: ReadonlyMap<string, readonly Notice[]>,
): Script<string> {
  const hasManifest = (yield* tree.files()).includes('package.json');
  const owners = ownersIn(notices, hasManifest ? yield* tree.read('package.json') : '');
  const [owner, other] = owners;
  if (owner !== undefined && other === undefined) return owner;
  const names = owners.map((name) => `"${name}"`).join(', ');
  throw new Declined(
    owner === undefined
      ? 'the notices stand in the code of others; say whose year it is'
      : `the notices name several holders: ${names}; say whose year it is`,
  );
}

const editOf = ({ at, years, first, last }: Notice, year: number): readonly TextEdit[] =>
  last >= year ? [] : [{ start: at, end: at + years.length, text: `${first}-${year}` }];
