// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import type { Night } from '../record/night-schemas.ts';
import type { Setup } from './open-setup.ts';
import type { CommittedFiles } from './read-commit.ts';
import { adaptersOf, runtimesOf, standInOf } from './stand-ins.ts';

/*
 * Half a night by other agents, engines or settings would be a night that nobody could replay, and what
 * lies in the state folder is evidence, not trust: all that can be computed again is.
 */

/** Compares `night.json` with its base commit; who read it compared its specs with their digests. @throws UserError naming what differs. */
export const checkNightUnchanged = async (
  night: Night,
  { config }: Pick<CommittedFiles, 'config'>,
  setup: Pick<Setup, 'flows' | 'chores'>,
): Promise<void> => {
  const isSame = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
  // Whom the commits are by was asked of the environment that began the night.
  const { commit: _, ...settings } = night.config;
  for (const [key, value] of Object.entries(settings)) {
    if (isSame(value, config[key as keyof typeof settings])) continue;
    throw differs(night, `${key} is not what pantheon.yaml says in its base commit`);
  }
  for (const [name, { definition }] of setup.flows) {
    if (isSame(night.flows[name], definition)) continue;
    throw differs(night, `the flow ${name} is not the one of its base commit`);
  }
  await checkAdaptersUnchanged(night, setup);
  checkAgentsUnchanged(night, setup);
  checkRuntimesUnchanged(night, setup, 'serve again what answered when it began');
};

/** Who works which specs follows from the registry of the base commit. */
const checkAdaptersUnchanged = async (
  night: Night,
  { flows, chores }: Pick<Setup, 'flows' | 'chores'>,
): Promise<void> => {
  const adapters = Object.fromEntries([...flows].flatMap(([name, flow]) => adaptersOf(name, flow)));
  if (canonicalJson(night.adapters ?? {}) !== canonicalJson(adapters)) {
    throw differs(night, 'its adapters are not those of registry.yaml in its base commit');
  }
  for (const { spec, flow, skip, canary, route } of night.specs) {
    const bound = flows.get(flow);
    if (skip !== undefined || !bound) continue;
    const standIn = bound.standIns ? standInOf(night.id, spec, bound, await chores()) : {};
    if (canary === standIn.canary && route === standIn.route) continue;
    throw differs(night, `${spec.id} is worked by another adapter than was decided`);
  }
};

const differs = ({ id }: Night, what: string): UserError =>
  new UserError(`night.json of ${id} was altered: ${what}. ${giveUp}`);

const giveUp = "Move that night's folder away to give it up";

/** The agents opened here must be the night's. @throws UserError naming the one that is not. */
export const checkAgentsUnchanged = (night: Night, { flows }: Pick<Setup, 'flows'>): void => {
  for (const flow of flows.values()) {
    for (const { agent } of flow.agents.values()) {
      if (night.agents[agent.manifest.name]?.digest !== agent.digest) {
        throw new UserError(
          `the agent "${agent.manifest.name}" has changed since night ${night.id} began. Restore it, or move that night's folder away to give it up`,
        );
      }
    }
  }
};

/**
 * Whoever answers here must be who the night was decided with: reviewers passed their exams with that
 * and nothing else. One that cannot answer at all is told elsewhere. @throws UserError naming who is not.
 */
export const checkRuntimesUnchanged = (
  night: Night,
  { flows }: Pick<Setup, 'flows'>,
  fix: string,
  isAsked: (node: string) => boolean = () => true,
): void => {
  for (const [name, flow] of flows) {
    for (const [key, runtime] of runtimesOf(flow)) {
      const node = key.replace(/@\d+$/, '');
      if (!isAsked(node) || runtime.fault !== undefined) continue;
      if (night.runtimes[`${name}/${key}`] === runtime.digest) continue;
      throw new UserError(
        `${flow.agents.get(node)?.agent.manifest.name} would answer here with other weights, rules or settings than night ${night.id} was decided with. To go on, ${fix}`,
      );
    }
  }
};
