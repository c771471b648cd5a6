// SPDX-License-Identifier: GPL-3.0-only
import { pathToFileURL } from 'node:url';
import type { DependencyFinder } from '../boundary/dependencies.ts';
import type { Executor } from '../boundary/executor.ts';
import type { OpenChores } from '../chore/chores.ts';
import type { Config, GateConfig, Runtime } from '../config/schema.ts';
import { UserError } from '../data/user-error.ts';
import type { Overlay } from '../workspace/overlay.ts';
import type { AgentManifest, Failure, Input } from './schema.ts';

/** What a code agent gets: values and hands, never the user's checkout. */
export type CodeContext = {
  readonly input: Input;
  /** Base tree plus the patches of the node's inputs; the whole tree may be read. */
  readonly overlay: Overlay;
  readonly executor: Executor;
  /** The `node_modules` folders that serve a package folder of the repository. */
  readonly dependencies: DependencyFinder;
  /** The agents of the flow's `work` nodes. */
  readonly workers: readonly AgentManifest[];
  /** The engines that play the flow's `work` and `review` nodes. */
  readonly engines: ReadonlySet<Runtime['engine']>;
  readonly gate: GateConfig;
  /** What the repository says runs its tests. */
  readonly tests?: Config['tests'];
  /** The chores there are, read when they are asked for. */
  readonly chores: OpenChores;
  /** A plan made by day, for another machine perhaps: what is installed here means nothing. */
  readonly ahead?: boolean;
  readonly signal: AbortSignal;
};

/** What it answers; a `failure` makes the node fail, `testsLog` becomes `tests.log`. */
export type CodeResult = {
  readonly notes: string;
  readonly metrics?: Readonly<Record<string, number>>;
  /** Any JSON, as the agent's `out` schema says. */
  readonly result: unknown;
  readonly testsLog?: string;
  readonly failure?: Failure;
};

export type RunCode = (context: CodeContext) => Promise<CodeResult>;

/** Gives what runs an agent's code; that of a repository's agent runs in another process. */
export type OpenRun = (file: string) => Promise<RunCode>;

/** Imports `run`. @throws UserError where there is none. */
export const importRun: OpenRun = async (file) => {
  const module: { readonly run?: unknown } = await import(pathToFileURL(file).href);
  if (typeof module.run === 'function') return module.run as RunCode;
  throw new UserError('exports no function "run"; see docs/agents.md', { place: { file } });
};
