// SPDX-License-Identifier: GPL-3.0-only
import { type Command, type Execution, SandboxFault } from './executor.ts';
import { defaultLimits, metLimit, sayLimit, withKernelLimits } from './limits/limits.ts';
import { sandboxIn, watchSandbox } from './limits/watch.ts';
import { type ProcessResult, runProcess } from './run-process.ts';
import { filterHere } from './seccomp/filter-here.ts';
import { startAdvice } from './start-advice.ts';

export const hostPath = '/usr/local/bin:/usr/bin:/bin';

type Arranged = {
  /** Options of bwrap(1). */
  readonly setup: readonly string[];
  /** What leads into the namespaces where its tree is. */
  readonly enter: readonly string[];
  /** Where folders in memory are, as seen inside. */
  readonly inMemory: readonly string[];
  /** Its tree, as this process sees it, where that is in memory too. */
  readonly tree?: string;
};

/** Runs a command in a sandbox that is set up so, filtered, bounded and watched. @throws SandboxFault */
export const startBubblewrap = async (
  bwrap: string | undefined,
  command: Command,
  { setup, enter, inMemory, tree }: Arranged,
): Promise<Execution> => {
  if ([...setup, ...command.argv].some((argument) => argument.includes('\0'))) {
    throw new SandboxFault('an argument contains a NUL byte');
  }
  const { limits = defaultLimits, signal } = command;
  const passed = new AbortController();
  const sandbox = sandboxIn(inMemory, tree);
  let stopWatching = () => {};
  const watch = (pid: number) => {
    stopWatching = watchSandbox(sandbox(pid), limits, (limit) => passed.abort(limit));
  };
  const [file = '', ...before] = [...enter, bwrap ?? 'bwrap'];
  const result = await runProcess({
    ...command,
    file,
    // The setup goes through a descriptor: on the command line, processes inside could read it.
    args: [
      ...before,
      ...['--args', '3', '--seccomp', '4', '--json-status-fd', '5', '--'],
      ...withKernelLimits(limits, command.argv),
    ],
    cwd: '/',
    env: { PATH: hostPath },
    feeds: [setup.map((argument) => `${argument}\0`).join(''), filterHere()],
    onStatus: (status) => {
      const pid = /"child-pid": (\d+)/.exec(status)?.[1];
      if (pid !== undefined) watch(Number(pid));
    },
    signal: signal ? AbortSignal.any([signal, passed.signal]) : passed.signal,
  })
    .catch(async (cause: unknown) => {
      throw new SandboxFault(await startAdvice(cause), { cause });
    })
    .finally(() => stopWatching());
  if (passed.signal.reason === 'unseen') {
    throw new SandboxFault(
      'processes in the sandbox cannot be counted. Mount /proc so that a user sees its own processes',
    );
  }
  const execution = await judge(result);
  const limit = passed.signal.aborted ? passed.signal.reason : metLimit(execution);
  return limit === undefined ? execution : withReason(execution, sayLimit(limit, limits));
};

const withReason = (execution: Execution, reason: string): Execution => ({
  ...execution,
  stderr: `${execution.stderr.replace(/(?<=[^\n])$/, '\n')}sandbox: ${reason}\n`,
  ...(execution.code === undefined && { stopped: reason }),
});

/** Tells the end of the command from a sandbox that never started it. */
const judge = async (result: ProcessResult): Promise<Execution> => {
  const { status, killed, ...execution } = result;
  // Written only once the command has been executed (bwrap(1), --json-status-fd).
  if (killed || status.includes('"exit-code"')) return execution;
  if (/^bwrap: execvp .*prlimit/m.test(execution.stderr)) {
    throw new SandboxFault('prlimit is not installed. Run: sudo apt-get install util-linux');
  }
  throw new SandboxFault(await startAdvice(execution.stderr));
};
