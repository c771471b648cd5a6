// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import { unitId } from '../../agent/unit-id.ts';
import type { Chores } from '../../chore/chores.ts';
import { readAsked } from '../../chore/read-asked.ts';
import { withReads } from '../../chore/unseen.ts';
import { canonicalJson } from '../../data/digest.ts';
import { askedText } from '../../spec/asked.ts';
import { normaliseSpec, type Spec } from '../../spec/schema.ts';
import { compileScope } from '../../spec/scope.ts';
import type { ExamKind } from '../schema.ts';
import type { Draft, Material } from './draft.ts';
import type { ExamCase, Said } from './exam-case.ts';
import type { Random } from './seeded-random.ts';
import { pickNoun } from './seeded-words.ts';

/** What a reviewer sees of a night beside the patch. */
export type NightLooks = {
  /** The night's own specs. */
  readonly queue: readonly Spec[];
  /** The one that a patch is to look like; default: any of them. */
  readonly like?: Spec;
  /** Who works, and what it takes at once. */
  readonly worker: string;
  readonly unit: Unit['kind'];
};

/** A night of which nothing is to be seen. */
const plainLooks: NightLooks = { queue: [], worker: '', unit: 'spec' };

/** Folders of a queue's scopes that are of this kind, each with a slash behind. */
export const foldersOf = (queue: NightLooks['queue'], kind: ExamKind): readonly string[] => {
  const folders = queue.flatMap(({ scope }) =>
    scope.flatMap((pattern) => /^((?:[\w.-]+\/)+)/.exec(pattern)?.[1] ?? []),
  );
  const isOfKind = (folder: string): boolean =>
    /(?:^|\/)(?:src|lib|tests?)\//.test(folder) === (kind === 'code');
  return [...new Set(folders)].filter((folder) => isOfKind(folder) && !folder.includes('../'));
};

type Patch = Pick<ExamCase, 'id' | 'kind' | 'truth' | 'way' | 'base' | 'edits'> &
  Pick<Draft, 'acceptance' | 'context' | 'notes'> & {
    readonly chore: string;
    readonly material: Material;
  };

/** A patch as a case that looks like one of the night's own: its spec, unit, and what the nodes before said. */
export const dress = (
  { chore, material, acceptance, context, notes, ...patch }: Patch,
  { chores, random, looks = plainLooks }: Dressing,
): ExamCase => {
  const { like } = looks;
  const isSame = like !== undefined && asksFor(like, chores) === asksFor({ acceptance }, chores);
  const exact = random.chance(0.2) ? exactly(acceptance, chores) : acceptance;
  const { id, title } = isSame ? like : nameFor(chore, acceptance, { chores, random, looks });
  const sentences = isSame ? like.acceptance : exact;
  const isFile = looks.unit === 'file' && material.is !== 'package';
  const isAmongOthers = isFile && chores.all.get(chore)?.manifest.agent === looks.worker;
  const within = isSame ? like.scope : undefined;
  const scope = scopeOf(material, isAmongOthers, random, within);
  const file = { title, scope: [...scope], acceptance: [...sentences] };
  const plain = { ...normaliseSpec(file, id), ...besides(like ? [like] : looks.queue, random) };
  const spec = withReads(plain, context);
  const paths = isFile ? [pathOf(material)] : spec.scope;
  const unit: Unit = {
    id: isFile ? unitId(pathOf(material), paths) : unitId(spec.id, paths),
    kind: isFile ? 'file' : 'spec',
    paths,
  };
  const said = { work: worked(notes, unit), test: tested(material, unit, random) };
  return { ...patch, spec, unit, said };
};

/** What a spec of the queue says beside what it asks for. Few steps would keep a reviewer from its verdict. */
const besides = (queue: NightLooks['queue'], random: Random): Partial<Spec> => {
  if (queue.length === 0) return {};
  const { flow, context, priority, dependsOn, limits } = random.pick(queue);
  const { maxSteps: _, ...size } = limits;
  return { ...(flow !== undefined && { flow }), context, priority, dependsOn, limits: size };
};

/** The sentences in the exact form, as `do` writes them. */
const exactly = (acceptance: readonly string[], chores: Chores): readonly string[] => {
  const { asked, unread } = readAsked(
    { title: '', acceptance: [...acceptance], rules: {} },
    chores,
  );
  return unread.length > 0 ? acceptance : asked.map(askedText);
};

type Asking = {
  readonly title?: string;
  readonly acceptance: readonly string[];
  readonly rules?: Spec['rules'];
};

/** What a spec asks for, to be compared. */
const asksFor = ({ title = '', acceptance, rules = {} }: Asking, chores: Chores): string =>
  canonicalJson(readAsked({ title, acceptance: [...acceptance], rules }, chores).asked);

type Dressing = { chores: Chores; random: Random; looks: NightLooks | undefined };

/** The name of a spec of the queue for the same chore, where it asks for nothing more; else one like it. */
const nameFor = (
  chore: string,
  acceptance: readonly string[],
  { chores, random, looks: { queue } = plainLooks }: Dressing,
): Pick<Spec, 'id' | 'title'> => {
  const asks = (title: string): string => asksFor({ title, acceptance }, chores);
  const alike = queue.filter(
    (spec) =>
      // A name of code or of a file would ask for something else.
      !/[`./_]|[a-z][A-Z]/.test(spec.title) &&
      readAsked(spec, chores).asked[0]?.chore === chore &&
      asks(spec.title) === asks(''),
  );
  if (alike.length > 0 && random.chance(0.6)) return random.pick(alike);
  const [first = ''] = acceptance;
  const titles = [first, first.replaceAll('`', ''), `Tidy the ${pickNoun(random)} folder`];
  const title = random.shuffle(titles).find((one) => asks(one) === asks('')) ?? first;
  const fromIssues = queue.filter(({ id }) => /^issue-\d+$/.test(id)).length;
  const isIssue = random.chance(queue.length > 0 ? fromIssues / queue.length : 0.3);
  return { id: isIssue ? `issue-${1 + random.int(400)}` : slugOf(title, random), title };
};

const slugOf = (title: string, random: Random): string =>
  (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).slice(0, 2 + random.int(3)).join('-');

const pathOf = (material: Exclude<Material, { readonly is: 'package' }>): string =>
  material.is === 'note' ? material.note.path : material.path;

/** But for a chore that is done file by file, a sentence is about the whole scope: no other file may lie there. */
const scopeOf = (
  material: Material,
  isAmongOthers: boolean,
  random: Random,
  within: readonly string[] | undefined,
): readonly string[] => {
  if (material.is === 'package') {
    const { root } = material;
    return root !== '' && random.chance(0.3) ? [root] : [`${root}src/`, `${root}test/`];
  }
  const path = pathOf(material);
  if (isAmongOthers && within && compileScope(within)(path)) return within;
  const folder = path.replace(/[^/]+$/, '');
  return [isAmongOthers && folder !== '' ? folder : path];
};

const worked = (notes: string, { kind }: Unit): Said => {
  if (kind === 'spec') return { notes, metrics: { chores: 1 }, result: { chores: [notes] } };
  const keys = /^set (.+)$/.exec(notes)?.[1]?.split(', ') ?? [];
  return { notes, metrics: { keys: keys.length }, result: { changed: true, keys } };
};

/** Always green, so that no reviewer can lean on a red test. */
const tested = (material: Material, unit: Unit, random: Random): Said => {
  if (unit.kind === 'file' && material.is === 'note') {
    const { path } = material.note;
    const checks = ['text', 'body', 'frontmatter'].map((check) => ({ check, ok: true, path }));
    const counts = { passed: checks.length, failed: 0 };
    return {
      notes: `${checks.length} checks passed`,
      metrics: counts,
      result: { ...counts, checks },
    };
  }
  const isTested = material.is !== 'note';
  const counts = {
    ...{ passed: isTested ? 2 + random.int(60) : 0, failed: 0, skipped: 0, todo: 0 },
    failedBefore: 0,
  };
  const folder = material.is === 'package' ? material.root.replace(/\/$/, '') : '';
  const { failedBefore: _, ...own } = counts;
  const one = { folder, ...own, failures: [], before: [], counted: true };
  const packages = isTested ? [one] : [];
  const tests = isTested ? `${counts.passed} tests passed, 0 skipped in 1 package` : 'no tests ran';
  return {
    notes: `${tests}; the spec has no checks.`,
    metrics: { ...counts, checksPassed: 0, checksFailed: 0 },
    result: { ...counts, packages, checks: { passed: 0, failed: 0 } },
  };
};
