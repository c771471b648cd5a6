// SPDX-License-Identifier: GPL-3.0-only

export type Command = {
  readonly argv: readonly [string, ...string[]];
  /** Working folder; the only place that can be written, with what `writable` names. */
  readonly cwd: string;
  /** The folder that is shown read-write inside; `cwd` lies in it. */
  readonly root: string;
  /** Host paths shown read-only at a path inside. */
  readonly readOnly?: readonly { readonly source: string; readonly target: string }[];
  /** The whole environment; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Bytes of stdout and of stderr kept; more is cut and said so. */
  readonly maxOutput?: number;
  readonly signal?: AbortSignal;
};

export type Execution = {
  /** Exit code; `undefined` when it was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
};

/** Everything a night executes goes through one of these. */
export type Executor = {
  /** What confines a command: `bubblewrap`, or `nothing`. */
  readonly confinement: 'bubblewrap' | 'nothing';
  /** @throws SandboxFault when the command could not be started confined. */
  readonly run: (command: Command) => Promise<Execution>;
};

/** The sandbox itself failed; says nothing about the command. */
export class SandboxFault extends Error {
  override readonly name = 'SandboxFault';
}
