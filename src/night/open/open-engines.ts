// SPDX-License-Identifier: GPL-3.0-only

import { dialectOf } from '../../agent/choose-dialect.ts';
import type { ModelAgent } from '../../agent/registry.ts';
import { type BoundRuntime, runtimeDigest } from '../../agent/runtime.ts';
import type { OpenChores } from '../../chore/chores.ts';
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';
import { canonicalJson } from '../../data/digest.ts';
import { makeOnce } from '../../data/make-once.ts';
import { UserError } from '../../data/user-error.ts';
import {
  type Check,
  type Engine,
  EngineFault,
  type Probe,
  type RuntimeIdentity,
  type Speed,
} from '../../engine/contract/engine.ts';
import { createDispatcher, type Dispatcher } from '../../engine/dispatch/dispatcher.ts';
import type { ModelStore } from '../../engine/models/model-files.ts';
import { openEngine } from '../../engine/open.ts';
import { preflight, refuseFailed, speedIn } from '../../engine/preflight.ts';
import type { OpenRules } from '../../engine/rules/import-rules.ts';
import type { Tool } from '../../tool/tool.ts';
import { Unconfined } from '../hand/start-hand.ts';
import { addressOf, type Relays } from '../record/relays.ts';
import { askedTokens, contextShortage } from './context-shortage.ts';
import { unusableRuntime } from './unusable-runtime.ts';

/** One endpoint and model, with what dispatches to it. */
export type OpenEngine = { readonly identity: RuntimeIdentity; readonly dispatcher: Dispatcher };

/** The engines of one process: agents with the same settings share one, and an endpoint its slots. */
export type Engines = {
  /**
   * An engine that cannot be opened or fails its preflight is bound all the same, with its `fault`.
   * @throws UserError when the setting itself cannot be meant.
   */
  readonly bind: (
    settings: Runtime,
    agent: ModelAgent,
    tools: readonly Tool[],
    setting: string,
  ) => Promise<BoundRuntime>;
  /** What is wrong with engines that cannot be used, a line each. */
  readonly faults: () => readonly string[];
  /** What a preflight found worth a look, a line each. */
  readonly warnings: () => readonly string[];
  readonly all: () => readonly OpenEngine[];
  readonly close: () => Promise<void>;
};

type Opened = { readonly engine: Engine; readonly probe: Probe; readonly speed: Speed | undefined };

export type EnginesOptions = {
  /** Sockets to connect to in place of what a profile names. */
  readonly relays?: Relays;
  /** Opens the rules of agents that do not ship. */
  readonly openRules?: OpenRules;
};

/** Opens each engine once, however many agents run on it. */
export const createEngines = (
  chores: OpenChores,
  models: ModelStore | undefined,
  { relays = {}, openRules }: EnginesOptions = {},
): Engines => {
  const opened = new Map<string, Promise<Opened>>();
  const endpoints = new Map<string, OpenEngine>();

  const asked = new Map<string, Promise<Check>>();
  const faults = new Set<string>();
  const warnings = openWarnings();

  /** What an endpoint's answers show is asked once, whoever is bound to it. */
  const looked = async (
    engine: Engine,
    settings: Runtime,
    setting: string,
  ): Promise<Omit<Opened, 'engine'>> => {
    const { checks, probe } = await preflight(engine, settings, {
      setting,
      signal: new AbortController().signal,
      once: (of, check) => {
        const adapter = of === 'adapter' ? settings.adapter : '';
        return makeOnce(asked, `${of} ${adapter} ${endpointKey(settings, '')}`, check);
      },
    });
    refuseFailed(checks, setting);
    for (const { name, detail, fix } of checks.filter(({ state }) => state === 'warn')) {
      warnings.add(setting, `${name}: ${detail}${fix === undefined ? '' : `; ${fix}`}`);
    }
    // Only a failed check leaves no probe.
    if (!probe) throw new Error(`a preflight of ${setting} without a probe`);
    return { probe, speed: speedIn(checks) };
  };
  const open = async (settings: Runtime, folder: string, setting: string): Promise<Opened> => {
    const relay = relayOf(settings, relays);
    const engine = await openEngine(settings, {
      folder,
      setting,
      chores,
      openRules,
      ...(models && { models }),
      ...(relay !== undefined && { relay }),
    }).catch(asMistake);
    try {
      return { engine, ...(await looked(engine, settings, setting)) };
    } catch (error) {
      await engine.close();
      throw error;
    }
  };
  const endpointOf = (settings: Runtime, folder: string, probe: Probe): OpenEngine => {
    const key = endpointKey(settings, folder);
    const shared = endpoints.get(key);
    if (shared) return shared;
    const made = {
      identity: probe.identity,
      dispatcher: createDispatcher({ slots: probe.slots }),
    };
    endpoints.set(key, made);
    return made;
  };
  return {
    bind: async (settings, agent, tools, setting) => {
      const { folder, manifest } = agent;
      const dialect = dialectOf(settings, setting);
      if ('of' in dialect && agent.decide === undefined) {
        throw configMistake(
          `${setting}.dialect: "decision" is for agents that declare one, and ${manifest.name} does not; name another dialect for it`,
        );
      }
      const key = `${ownFolder(settings, folder)}\n${canonicalJson(settings)}`;
      const engineOrFault = await makeOnce(opened, key, () =>
        open(settings, folder, setting),
      ).catch(faultIn(settings));
      if (typeof engineOrFault === 'string') {
        faults.add(engineOrFault);
        return unusableRuntime({ settings, setting, dialect }, agent, engineOrFault);
      }
      const { engine, probe } = engineOrFault;
      const small = await contextShortage(engineOrFault, agent, tools, setting, dialect, settings);
      if (small?.check.state === 'warn') {
        warnings.add(setting, `${small.check.detail}; ${small.check.fix}`);
      } else if (small !== undefined) {
        const fault = `pantheon.yaml: ${small.check.detail}; ${small.check.fix}`;
        faults.add(fault);
        return unusableRuntime({ settings, setting, dialect }, agent, fault);
      }
      const { dispatcher } = endpointOf(settings, folder, probe);
      const { speed } = engineOrFault;
      const asked = speed && (await askedTokens(engine, { agent, tools, dialect, settings }));
      return {
        ...(speed && asked && { pace: { ...speed, prompt: asked.prompt, answer: asked.answer } }),
        engine: dispatcher.engineFor(engine, manifest.name, probe.slots),
        probe,
        settings,
        setting,
        dialect,
        digest: runtimeDigest(probe, agent, dialect, settings),
      };
    },
    faults: () => [...faults],
    warnings: warnings.lines,
    all: () => [...endpoints.values()],
    close: async () => {
      for (const { dispatcher } of endpoints.values()) dispatcher.close();
      const results = await Promise.allSettled(opened.values());
      await Promise.all(
        results.map((result) =>
          result.status === 'fulfilled' ? result.value.engine.close() : undefined,
        ),
      );
    },
  };
};

/** What several settings share is said once, of all of them. */
const openWarnings = () => {
  const byText = new Map<string, { readonly settings: string[]; readonly text: string }>();
  return {
    add: (setting: string, text: string): void => {
      const key = text.replaceAll(setting, '');
      const warning = byText.get(key) ?? { settings: [], text };
      byText.set(key, warning);
      if (!warning.settings.includes(setting)) warning.settings.push(setting);
    },
    lines: (): readonly string[] =>
      [...byText.values()].map(({ settings, text }) => `${settings.join(', ')}: ${text}`),
  };
};

/** What an engine refuses before anything is asked of it stands in the profile, for a person to fix. */
const asMistake = (error: unknown): never => {
  if (!(error instanceof EngineFault)) throw error;
  throw configMistake(error.message, error);
};

/** What is wrong with an engine, on one line. Rules come with their agent: theirs is a mistake in it. */
const faultIn =
  ({ engine }: Runtime) =>
  (error: unknown): string => {
    if (!(error instanceof UserError)) throw error;
    // That is no mistake in the rules: what needs none of them is worked.
    if (engine === 'rules' && !(error instanceof Unconfined)) throw error;
    return error.message.split('\n').join(' | ');
  };

/** The socket that stands for an engine's, where one does. @throws UserError saying why it is not talked to. */
const relayOf = (settings: Runtime, relays: Relays): string | undefined => {
  const address = addressOf(settings);
  const relay = address === undefined ? undefined : relays[address];
  if (relay !== undefined && 'fault' in relay) throw configMistake(relay.fault);
  return relay?.socket;
};

/** Rules lie in the agent's own folder; every other engine is the same whoever asks. */
const ownFolder = ({ engine }: Runtime, folder: string): string =>
  engine === 'rules' ? folder : '';

/** What shares slots: how an answer is sampled, and by which adapter, changes nothing about them. */
const endpointKey = (settings: Runtime, folder: string): string => {
  const { engine, rules, model, device, socket, url } = settings;
  const place = { folder: ownFolder(settings, folder), device, socket, url };
  return canonicalJson({ engine, rules, model, ...place });
};
