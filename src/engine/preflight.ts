// SPDX-License-Identifier: GPL-3.0-only

import { configName } from '../config/config-mistake.ts';
import type { Runtime } from '../config/schema.ts';
import { splitAdvice } from '../data/split-advice.ts';
import { UserError } from '../data/user-error.ts';
import { adapterCheck, sendAdapterCanary } from './adapter-canary.ts';
import { schemaCheck, sendCanary } from './canary.ts';
import {
  type Check,
  type Engine,
  EngineFault,
  type Origin,
  type Probe,
  type Speed,
} from './contract/engine.ts';
import { NotLocalFault, UnreachableFault } from './wire/faults.ts';

/** What was found of an engine; `probe` is there when it answered as it should. */
export type Preflight = { readonly checks: readonly Check[]; readonly probe?: Probe };

/** What an engine shows by its answers: that it holds to a schema, and that an adapter is at work. */
type Asked = 'schema' | 'adapter';

export type PreflightOptions = {
  /** Names the place in pantheon.yaml: `profiles.gpu.default`. */
  readonly setting: string;
  readonly signal: AbortSignal;
  /** The check of an engine that was asked before in this process. */
  readonly once?: (of: Asked, check: () => Promise<Check>) => Promise<Check>;
};

const place = { file: configName };

/** In the order in which they are shown. */
const order: readonly Check['name'][] = [
  'installed',
  'reachable',
  'local',
  'model',
  'adapter',
  'template',
  'context',
  'schema',
  'slots',
  'speed',
  'memory',
];

/** A model that just fits leaves nothing for the tests it is to write [bytes]. */
const littleMemory = 512 * 1024 * 1024;

/** A server may have to read its weights first [ms]. */
const canaryIdleMs = 120_000;

/** A server that drips is not waited for longer than this [ms]. */
const canaryLimitMs = 300_000;

/**
 * Looks at an opened engine before it is used: what its probe says, the context that the runtime
 * asks for, whether a schema is really held and an adapter at work, slots and free memory.
 * Rejects only with the signal's reason and on defects; what fails is a check.
 */
export const preflight = async (
  engine: Engine,
  runtime: Runtime,
  options: PreflightOptions,
): Promise<Preflight> => {
  const { setting, once = (_, check) => check() } = options;
  let probe: Probe;
  try {
    probe = await engine.probe();
  } catch (error) {
    return { checks: [checkOfFault(error, setting)] };
  }
  if (runtime.engine === 'rules') return { probe, checks: [localCheck(probe.identity.origin)] };
  const checks: readonly Check[] = [
    ...(probe.checks ?? []),
    contextCheck(probe, runtime, setting),
    ...slotsCheck(probe, runtime, setting),
    localCheck(probe.identity.origin),
    ...(probe.checks?.some(({ name }) => name === 'template')
      ? []
      : [await templateCheck(engine, setting)]),
    await once('schema', () =>
      askedCheck('schema', options, async (limits) =>
        schemaCheck(await sendCanary(engine, limits), runtime.engine, probe.identity.version),
      ),
    ),
    memoryCheck(),
  ];
  const { adapter } = runtime;
  const isRefused = checks.some(({ state }) => state === 'fail');
  if (adapter === undefined || isRefused) return { probe, checks: sorted(checks) };
  const moved = await once('adapter', () =>
    askedCheck('adapter', options, async (limits) =>
      adapterCheck(await sendAdapterCanary(engine, adapter, limits), adapter),
    ),
  );
  return { probe, checks: sorted(withMoved(checks, moved)) };
};

/** What an adapter is stands before what it does. */
const withMoved = (checks: readonly Check[], moved: Check): readonly Check[] => {
  const there = checks.find(({ name }) => name === 'adapter');
  if (moved.state !== 'ok' || !there) return [...checks, moved];
  return checks.map((check) =>
    check === there ? { ...check, detail: `${check.detail}; ${moved.detail}` } : check,
  );
};

/**
 * The failed checks as one mistake to fix; nothing when there is none.
 * @throws UserError with a line for each.
 */
export const refuseFailed = (checks: readonly Check[], setting: string): void => {
  const failed = checks.filter(({ state }) => state === 'fail');
  if (failed.length === 0) return;
  const lines = failed.map(({ name, detail, fix }) => {
    const line = fix === undefined ? detail : `${detail}; ${fix}`;
    const named = line.startsWith(setting) ? line : `${setting}: ${name}: ${line}`;
    return new UserError(named, { place }).message;
  });
  throw new UserError(lines.join('\n').slice(place.file.length + 2), { place });
};

/**
 * What a fault of opening or probing says, as the check it belongs to: faults begin with the
 * setting they are about. Rethrows what is neither a fault nor a user's mistake.
 */
export const checkOfFault = (error: unknown, setting: string): Check => {
  if (!(error instanceof EngineFault) && !(error instanceof UserError)) throw error;
  const prefix = `${place.file}: `;
  const { message } = error;
  const [detail, fix] = splitAdvice(
    message.startsWith(prefix) ? message.slice(prefix.length) : message,
  );
  return { name: nameOf(error, setting), state: 'fail', detail, ...(fix && { fix }) };
};

const keys: Readonly<Record<string, Check['name']>> = {
  model: 'model',
  adapter: 'adapter',
  contextTokens: 'context',
  template: 'template',
  slots: 'slots',
  device: 'installed',
  engine: 'installed',
};

const nameOf = (error: EngineFault | UserError, setting: string): Check['name'] => {
  if (error instanceof NotLocalFault) return 'local';
  if (error instanceof UnreachableFault) return 'reachable';
  const from = error.message.indexOf(`${setting}.`);
  const key = from < 0 ? '' : error.message.slice(from + setting.length + 1).split(/\W/)[0];
  return keys[key ?? ''] ?? (error instanceof UserError ? 'installed' : 'reachable');
};

const localCheck = (origin: Origin): Check => ({
  name: 'local',
  state: 'ok',
  detail: { 'in-process': 'in-process', 'unix-socket': 'Unix socket', loopback: 'loopback only' }[
    origin
  ],
});

const contextCheck = (
  { contextTokens: real }: Probe,
  { contextTokens: wanted }: Runtime,
  setting: string,
): Check => {
  if (wanted !== undefined && wanted > real) {
    return {
      name: 'context',
      state: 'fail',
      detail: `${setting}.contextTokens: ${wanted} are set, and the engine has ${real}`,
      fix: 'give the engine a longer context, or lower this',
    };
  }
  return { name: 'context', state: 'ok', detail: `${real} tokens` };
};

const slotsCheck = ({ slots: real }: Probe, { slots }: Runtime, setting: string): Check[] =>
  slots !== undefined && slots > real
    ? [
        {
          name: 'slots',
          state: 'warn',
          detail: `${setting}.slots: ${slots} are set, and the engine takes ${real}`,
          fix: `set it to ${real}, or give the engine more`,
        },
      ]
    : [{ name: 'slots', state: 'ok', detail: `${real} at once` }];

const templateCheck = async (engine: Engine, setting: string): Promise<Check> => {
  try {
    const tokens = await engine.countTokens([
      { role: 'system', content: 's' },
      { role: 'user', content: 'u' },
    ]);
    return { name: 'template', state: 'ok', detail: `a short conversation takes ${tokens} tokens` };
  } catch (error) {
    return { ...checkOfFault(error, setting), name: 'template' };
  }
};

/** A check that the engine answers for, within the time that a small request may take. */
const askedCheck = async (
  name: Asked,
  { setting, signal }: PreflightOptions,
  ask: (limits: Parameters<typeof sendCanary>[1]) => Promise<Check>,
): Promise<Check> => {
  const limit = AbortSignal.timeout(canaryLimitMs);
  const limits = { signal: AbortSignal.any([signal, limit]), idleTimeoutMs: canaryIdleMs };
  try {
    return await ask(limits);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) {
      return {
        name,
        state: 'fail',
        detail: `did not answer a few small requests within ${canaryLimitMs / 60_000} minutes`,
        fix: 'look at the server: it hangs, or it is far too slow for a night',
      };
    }
    return { ...checkOfFault(error, setting), name };
  }
};

/** What is left on this machine with the engine loaded; a server may run in a container of it. */
const memoryCheck = (): Check => {
  const free = process.availableMemory();
  const detail = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  const fix = 'use a smaller model or context, or stop other programs';
  return free < littleMemory
    ? { name: 'memory', state: 'warn', detail, fix }
    : { name: 'memory', state: 'ok', detail };
};

/** One check a name, the worst and then the first of each: a driver's own comes before a general one. */
const sorted = (checks: readonly Check[]): readonly Check[] => {
  const worst = ['fail', 'warn', 'ok'] as const;
  return order.flatMap((name) => {
    const sameName = checks.filter((check) => check.name === name);
    const picked = worst
      .map((state) => sameName.find((check) => check.state === state))
      .find((check) => check !== undefined);
    return picked ? [picked] : [];
  });
};

/** How fast the engine answered what was asked of it on the way. */
export const speedIn = (checks: readonly Check[]): Speed | undefined =>
  checks.find(({ speed }) => speed !== undefined)?.speed;
