// SPDX-License-Identifier: GPL-3.0-only
import type { SpecSummary, UnitSummary } from '../../src/morning/summary.ts';
import { compileScope } from '../../src/spec/scope.ts';
import type { Trial } from '../docs/variants.ts';
import { findDamage } from '../docs/witness.ts';
import { type Cause, causesOf } from './causes.ts';
import { findUnmet } from './normalised.ts';
import type { Tree } from './repository.ts';
import type { Vault } from './vaults.ts';

/** What a night made of a repository's documents, in numbers and with every fault by name. */
export type Tally = {
  files: number;
  normalised: number;
  already: number;
  readonly refused: Map<string, number>;
  damaged: number;
  falseRejections: number;
  readonly faults: string[];
};

export type Outcome = {
  readonly specs: readonly SpecSummary[];
  /** Each spec's scope: what it was about where its plan was refused and it has no units. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
  readonly base: Tree;
  /** The tree of each pull request's branch, by spec. */
  readonly branches: ReadonlyMap<string, Tree>;
};

/** What must be wrong with a changed document, by another reading than the chore's. */
export type Judge = (trial: Trial, after: Buffer) => string | undefined;

/** Damage first, and what is not as asked second. */
export const judgeNote: Judge = (trial, after) => {
  const damage = findDamage(trial, after);
  return damage === undefined ? findUnmet(trial, after) : `damaged: ${damage}`;
};

/** A unit's end with the spec it belongs to and the documents it was about. */
type Worked = {
  readonly spec: string;
  readonly unit: UnitSummary;
  readonly files: readonly Trial[];
};

/** Compares every file of every branch with the base, and every unit's end with its files. */
export const judgeNight = (vault: Vault, outcome: Outcome, judge: Judge): Tally => {
  const tally: Tally = {
    files: vault.size,
    normalised: 0,
    already: 0,
    refused: new Map(),
    damaged: 0,
    falseRejections: 0,
    faults: [],
  };
  const worked = new Map<string, Worked>();
  for (const { id, unitDetails, reason, left = [] } of outcome.specs) {
    const paths = [...(outcome.scopes.get(id) ?? [])];
    const code = 'plan.refused';
    const whole: UnitSummary = { id, state: 'red', paths, node: 'plan', code, reason };
    for (const unit of unitDetails.length > 0 ? unitDetails : [whole]) {
      const files = filesOf(unit, vault);
      for (const { path } of files) {
        if (worked.has(path)) tally.faults.push(`${path}: two units worked it`);
        const leftOut = left.find((one) => one.path === path)?.reason;
        worked.set(path, {
          spec: id,
          unit: leftOut === undefined ? unit : leave(unit, leftOut),
          files,
        });
      }
    }
  }
  judgeTrees(outcome, worked, tally);
  for (const [path, trial] of vault) {
    const own = worked.get(path);
    if (own) judgeFile(trial, own, outcome.branches.get(own.spec), judge, tally);
    else tally.faults.push(`${path}: no unit worked it`);
  }
  return tally;
};

/** A file that is named as left out is one refused beside the others of its patch. */
const leave = (unit: UnitSummary, reason: string): UnitSummary => ({
  ...unit,
  state: 'red',
  code: 'agent.declined',
  reason,
});

/** A file unit names its file, a spec's unit the patterns of its scope. */
const filesOf = ({ paths }: UnitSummary, vault: Vault): readonly Trial[] => {
  const named = paths.flatMap((path) => vault.get(path) ?? []);
  if (named.length === paths.length) return named;
  const covers = compileScope(paths);
  return [...vault.values()].filter(({ path }) => covers(path));
};

/** A branch changes the files of its own approved units: no other, no mode, none added or gone. */
const judgeTrees = (
  { base, branches }: Outcome,
  worked: ReadonlyMap<string, Worked>,
  { faults }: Tally,
): void => {
  for (const [spec, tree] of branches) {
    for (const [path, { mode, bytes }] of base) {
      const now = tree.get(path);
      if (!now) faults.push(`${path}: gone from the branch of ${spec}`);
      else if (now.mode !== mode) faults.push(`${path}: its mode is ${now.mode}`);
      else if (!now.bytes.equals(bytes)) {
        const own = worked.get(path);
        if (own?.spec !== spec || own.unit.state !== 'approved') {
          faults.push(`${path}: changed by ${spec} without an approved unit`);
        }
      }
    }
    for (const path of tree.keys()) {
      if (!base.has(path)) faults.push(`${path}: added by ${spec}`);
    }
  }
};

const judgeFile = (
  trial: Trial,
  { unit, files }: Worked,
  branch: Tree | undefined,
  judge: Judge,
  tally: Tally,
): void => {
  const { path } = trial;
  const fault = (what: string) => tally.faults.push(`${path} (${trial.variant}): ${what}`);
  const after = branch?.get(path)?.bytes ?? trial.bytes;
  const changed = !after.equals(trial.bytes);
  const causes = causesOf(trial);
  if (unit.state === 'red') {
    if (changed) fault('red and changed all the same');
    judgeRefusal(trial, unit, files, tally, fault);
    return;
  }
  // A protected file that needs no edit is as asked already.
  const [cause] = causes.filter(({ name }) => changed || name !== 'protected path');
  if (cause || trial.mustRefuse) fault(`was not refused: ${cause?.name ?? trial.variant}`);
  const unmet = judge(trial, after);
  if (unmet !== undefined) {
    if (unmet.startsWith('damaged')) tally.damaged += 1;
    fault(unmet);
  }
  tally[changed ? 'normalised' : 'already'] += 1;
  if (changed !== (unit.state === 'approved') && files.length === 1) {
    fault(`${unit.state} and ${changed ? '' : 'not '}changed`);
  }
};

/** A refusal counts as one only where its reason names what is wrong with the file's own bytes. */
const judgeRefusal = (
  trial: Trial,
  { node, code, reason = '' }: UnitSummary,
  files: readonly Trial[],
  tally: Tally,
  fault: (what: string) => void,
): void => {
  const isHonest =
    code === 'agent.declined' || code === 'file.unreadable' || code?.startsWith('plan.');
  const isSaid = ({ said }: Cause) => isHonest && said.test(reason);
  const own = causesOf(trial);
  const named = own.find(isSaid)?.name;
  const beside = files.some((file) => reason.includes(file.path) && causesOf(file).some(isSaid));
  const name = named ?? (own.length === 0 && beside ? 'one patch with a refused file' : undefined);
  if (name !== undefined) {
    tally.refused.set(name, (tally.refused.get(name) ?? 0) + 1);
    return;
  }
  tally.falseRejections += 1;
  const why = own.map(({ name: wrong }) => wrong).join(', ') || 'nothing';
  fault(`red at ${node} (${code}): ${reason.slice(0, 300)}; wrong with the file: ${why}`);
};
