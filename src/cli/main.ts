// SPDX-License-Identifier: GPL-3.0-only
import { printableLines } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { scrub } from '../secrets/scrub.ts';
import { Interrupted } from './shared/interrupt.ts';

/** Whatever is printed, by whomever: a terminal is copied into issues, and a job's is kept. */
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...args: readonly unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: readonly unknown[]) =>
    write(typeof chunk === 'string' ? scrub(chunk) : chunk, ...rest);
}

/** The name of an action where nothing else stands on the command line, as in a job's step. */
const actionOf = ([command, name, ...rest]: readonly string[]): string | undefined =>
  command === 'action' && !name?.startsWith('-') && rest.length === 0 ? name : undefined;

try {
  const action = actionOf(process.argv.slice(2));
  if (action === undefined) {
    const { runProgram } = await import('./program.ts');
    await runProgram();
  } else {
    // A job starts without what reads options: a step has none.
    const { actionCommand } = await import('./jobs/action.ts');
    await actionCommand(action);
  }
} catch (error) {
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 130;
  } else if (error instanceof UserError) {
    process.stderr.write(`pantheon: ${printableLines(error.message)}\n`);
    process.exitCode = 2;
  } else {
    const { machineRemedy } = await import('./machine-remedy.ts');
    const line = machineRemedy(error);
    if (line === undefined) throw error;
    process.stderr.write(`pantheon: ${printableLines(line)}\n`);
    process.exitCode = 2;
  }
}
