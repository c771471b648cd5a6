// SPDX-License-Identifier: GPL-3.0-only

/** Where a confined command sees its root, whatever the folder is on this machine. */
export const sandboxRoot = '/work';

/** A host folder shown read-only inside a command's root. */
export type ReadOnlyMount = {
  readonly source: string;
  /** Where, relative to `root`. */
  readonly target: string;
  /** Names of folders in it that can be written all the same, start empty and are thrown away. */
  readonly scratch?: readonly string[];
};

/** What one command and everything that it starts may use; bytes, seconds and counts. */
export type Limits = {
  readonly memory: number;
  readonly processes: number;
  readonly threads: number;
  readonly files: number;
  readonly tree: number;
  readonly fileSize: number;
  readonly openFiles: number;
  readonly cpu: number;
};

export type Command = {
  readonly argv: readonly [string, ...string[]];
  /** Working folder, a path in `root`. */
  readonly cwd: string;
  /**
   * The one folder that can be written, of `withTree` or of this machine; a confined command sees it at
   * `sandboxRoot`.
   */
  readonly root: string;
  readonly readOnly?: readonly ReadOnlyMount[];
  /**
   * Added to PATH, HOME, TMPDIR and LANG, which the executor sets; nothing is inherited. `node` in
   * PATH is the one that runs Pantheon.
   */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Bytes of stdout and of stderr kept, 1 MiB by default; the middle of more is cut, with a note. */
  readonly maxOutput?: number;
  readonly signal?: AbortSignal;
  /** Default `defaultLimits`. */
  readonly limits?: Limits;
};

export type Execution = {
  /** Exit code; `undefined` when it was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  /** The limit that it passed and was killed for, and how to raise it. */
  readonly stopped?: string;
};

/** A folder that a tree is written into, and then a command's `root`. */
export type TreeFolder = {
  /** Where this process reads and writes it, and what `root` is. */
  readonly path: string;
  /** What goes before a program of this machine that is to find it, at `seenAt`. */
  readonly enter: readonly string[];
  readonly seenAt: string;
};

/** Everything a night executes goes through one of these. */
export type Executor = {
  /** Lends an empty folder, of at most `bytes` where commands are confined. @throws SandboxFault */
  readonly withTree: <T>(use: (tree: TreeFolder) => Promise<T>, bytes?: number) => Promise<T>;
  /** @throws SandboxFault when the command could not be started confined. */
  readonly run: (command: Command) => Promise<Execution>;
};

/** The sandbox itself failed; says nothing about the command. */
export class SandboxFault extends Error {
  override readonly name = 'SandboxFault';
}
