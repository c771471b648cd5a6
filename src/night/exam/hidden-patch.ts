// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../agent/schema.ts';
import type { Chores } from '../../chore/chores.ts';
import { bindRuntime } from '../../config/bind-runtime.ts';
import { decodeUtf8 } from '../../data/decode-utf8.ts';
import type { FlowNode } from '../../flow/schema.ts';
import { composeExam, isShownWay } from '../../review/exam/compose-exam.ts';
import type { ExamCase } from '../../review/exam/exam-case.ts';
import { type Random, seededRandom } from '../../review/exam/seeded-random.ts';
import { spoilPatch } from '../../review/exam/spoil-patch.ts';
import { examKindsOf } from '../../review/gate/gate-terms.ts';
import { type Overlay, unrestricted } from '../../workspace/overlay.ts';
import { applyPatch } from '../../workspace/patch.ts';
import { treeIndexOf } from '../../workspace/tree-index.ts';
import type { NodeRequest } from '../open/bound-agent.ts';
import { narrow, type Planned, type PlannedUnit } from '../run/run-plan.ts';
import type { NodeEnd } from '../run/run-step.ts';
import { requestOf } from '../run/run-unit.ts';
import { refuseSecrets } from '../run/secret-in-unit.ts';
import { overlayFor } from '../run/unit-view.ts';
import { examSources } from './exam-sources.ts';
import { examUnit, idsByRole, looksOf } from './exam-unit.ts';
import { drawn } from './hidden-units.ts';

type Ends = ReadonlyMap<string, NodeEnd>;

/** Specs of the queue whose names and folders one patch may take. */
const namesakes = 20;

/**
 * The patch that goes along with a unit to its reviewers: of a chore that its worker does, under its spec's
 * settings and checks. The same in the same night, whoever asks. @throws Error where none can be made
 */
export const composeHidden = async (host: PlannedUnit, ends: Ends): Promise<ExamCase> => {
  const { session, flow, spec, unit } = host;
  const random = seededRandom(drawn(session.night, spec.id, unit.id));
  const chores = await session.chores();
  const peers = session.night.specs.filter((one) => one.flow === flow.definition.name);
  const like = peers.find((one) => one.spec.id === spec.id)?.spec ?? spec;
  const queue = [like, ...Array.from({ length: namesakes }, () => random.pick(peers).spec)];
  const looks = { ...looksOf(queue, flow), like };
  const isWorked = workedBy(looks.worker, chores);
  const isGood = random.chance(0.4);
  const twin = isGood || random.chance(0.3) ? undefined : await spoiledTwin(host, ends, random);
  if (twin) return twin;
  const [composed] = await composeExam({
    ...{ chores, looks, shown: true, seed: random.int(2 ** 32) },
    kind: random.pick(examKindsOf(pathsOf(host, ends))),
    sources: await examSources(session.base),
    paths: treeIndexOf(session.base).files(),
    // What is worked file by file is no package.
    isMeant: (chore, { is }) => isWorked(chore) && (looks.unit === 'spec' || is !== 'package'),
    good: isGood ? 1 : 0,
    bad: isGood ? 0 : 1,
  });
  if (!composed) throw new Error('there is no patch in this exam');
  const examCase = { ...composed, spec: { ...composed.spec, checks: spec.checks } };
  await refuseSecrets(session.base, examCase.spec, examCase.unit);
  return examCase;
};

/** The unit's own patch, made bad: all that tells it from the unit is what is wrong with it. */
const spoiledTwin = async (
  { session: { base }, flow, spec, unit }: PlannedUnit,
  ends: Ends,
  random: Random,
): Promise<ExamCase | undefined> => {
  const [node = ''] = idsByRole(flow, 'work');
  const { diff = '', changes = [] } = outputOf(ends, node) ?? {};
  if (changes.length === 0) return undefined;
  const overlay = await applyPatch(base, unrestricted, diff, changes);
  const files = new Map<string, string>();
  const edits = new Map<string, string | undefined>();
  for (const { path } of changes) {
    const [before, after] = [await overlay.read(path, 'base'), await overlay.read(path)];
    const [text, patched] = [before && decodeUtf8(before), after && decodeUtf8(after)];
    // What is not text is not spoiled, and could not be put back as it was.
    if ((before && text === undefined) || (after && patched === undefined)) return undefined;
    if (text !== undefined) files.set(path, text);
    edits.set(path, patched);
  }
  const spoiled = spoilPatch(files, edits, isShownWay, random);
  const [kind] = spoiled ? examKindsOf([...spoiled.edits.keys()]) : [];
  return kind && spoiled && { id: '', kind, truth: 'bad', spec, unit, base: files, ...spoiled };
};

/** Whether an agent works a chore; one that no chore names may be asked for any. */
const workedBy = (worker: string, { all }: Chores): ((chore: string) => boolean) => {
  const isNamed = [...all.values()].some(({ manifest }) => manifest.agent === worker);
  return (chore) => !isNamed || all.get(chore)?.manifest.agent === worker;
};

/** What the unit's own patch changes; of an empty one, what it may change. */
const pathsOf = ({ flow, unit }: PlannedUnit, ends: Ends): readonly string[] => {
  const changed = idsByRole(flow, 'work').flatMap((id) => outputOf(ends, id)?.changes ?? []);
  return changed.length > 0 ? changed.map(({ path }) => path) : unit.paths;
};

const outputOf = (ends: Ends, node: string): Output | undefined => {
  const end = ends.get(node);
  return end?.status === 'ok' ? end.output : undefined;
};

/** What a reviewer's node is asked about a hidden patch: nothing in it differs from what it is asked about a unit. */
export const hiddenRequest = async (
  host: PlannedUnit,
  node: FlowNode,
  ends: Ends,
  overlays: Map<string, Overlay>,
  examCase: ExamCase,
): Promise<Omit<NodeRequest, 'agent' | 'signal'>> => {
  const { kind, truth, way, spec } = examCase;
  const commitDates = datesOf(host, examCase);
  const { asked, before, ...made } = await examUnit(
    { ...host, session: { ...host.session, commitDates } },
    examCase,
    (id, output) => saidOf(host, ends, examCase, id, output),
  );
  return {
    ...(await requestOf(asked, node, before, made.overlays)),
    // A check of the repository may know nothing of what an exam invents.
    ...(spec.checks.length > 0 && {
      checksOn: (await overlayFor(host, node, ends, overlays)).overlay,
    }),
    exam: { kind, truth, way },
  };
};

/** The days of the unit's files, as those of the patch's. */
const datesOf = (
  { session, spec }: PlannedUnit,
  examCase: ExamCase,
): PlannedUnit['session']['commitDates'] => {
  const dates = Object.entries(session.commitDates.get(spec.id) ?? {}).flatMap(([fact, days]) => {
    const [day] = Object.values(days ?? {});
    if (day === undefined) return [];
    return [[fact, Object.fromEntries(examCase.unit.paths.map((path) => [path, day]))] as const];
  });
  return new Map([[examCase.spec.id, Object.fromEntries(dates)]]);
};

/** What a node says of a patch: what it said of the unit, of the patch's file; a worker by rules, what it would say. */
const saidOf = (
  host: PlannedUnit,
  ends: Ends,
  examCase: ExamCase,
  node: string,
  made: Output,
): Output => {
  const end = ends.get(node);
  if (end?.status !== 'ok') return made;
  const { output } = node === host.flow.definition.entry ? narrowed(end, examCase) : end;
  const said = renamed(output, host, examCase);
  const isMade =
    examCase.said && made.diff !== undefined && isPlayedByRules(host, node) && hasForm(said, made);
  return isMade ? made : { ...made, ...said };
};

const narrowed = (plan: Planned, { unit }: ExamCase): Planned => narrow(plan, unit);

const isPlayedByRules = ({ session, flow }: PlannedUnit, node: string): boolean => {
  const { nodes } = flow.definition;
  const agent = nodes.find(({ id }) => id === node)?.agent ?? '';
  const { config, night } = session;
  return bindRuntime(config, night.profile, nodes, { id: node, agent }).runtime.engine === 'rules';
};

/** Whether one result has all keys of another: a worker of the repository's own may say other things. */
const hasForm = ({ result }: Pick<Output, 'result'>, form: Output): boolean =>
  typeof result === 'object' &&
  result !== null &&
  Object.keys(form.result ?? {}).every((key) => Object.hasOwn(result, key));

/** What was said of the unit's file, said of the patch's. */
const renamed = (
  { notes, metrics, result }: Output,
  { unit }: PlannedUnit,
  { unit: own }: ExamCase,
): Pick<Output, 'notes' | 'metrics' | 'result'> => {
  const said = { notes, metrics, result };
  const [from, to] = [unit.paths[0], own.paths[0]];
  if (unit.kind !== 'file' || own.kind !== 'file' || !from || !to) return said;
  const bare = (path: string): string => JSON.stringify(path).slice(1, -1);
  return JSON.parse(JSON.stringify(said).replaceAll(bare(from), bare(to)));
};
