// SPDX-License-Identifier: GPL-3.0-only
import { printableLines } from '../../data/printable.ts';
import { replay } from '../../night/replay.ts';
import { untilInterrupted } from '../shared/interrupt.ts';
import type { TraceArguments } from '../shared/nights.ts';
import { locate } from '../shared/state.ts';
import { readBundle } from './command.ts';

/** `pantheon replay`: exit code 1 when the node no longer gives what it gave. */
export const replayCommand = async (
  address: string,
  args: TraceArguments & { readonly json?: true },
): Promise<void> => {
  const { folder, bundle } = await readBundle(address, args);
  const { repository, state } = await locate(args.repo);
  await untilInterrupted('Interrupted; a replay changes nothing.', async (signal) => {
    const result = await replay({ repository: repository.root, state, folder, bundle, signal });
    const same = result.differences.length === 0;
    if (args.json) process.stdout.write(`${JSON.stringify({ same, ...result }, null, 2)}\n`);
    else process.stdout.write(`${printableLines(describe(address, result).join('\n'))}\n`);
    process.exitCode = same ? 0 : 1;
  });
};

const describe = (
  address: string,
  { differences, changed }: Awaited<ReturnType<typeof replay>>,
): readonly string[] =>
  differences.length === 0
    ? [`${address}: the same output again.`]
    : [
        `${address}: another output than that night.`,
        ...differences.map(
          ({ file, how, at }) => `  ${file} ${how}${at === undefined ? '' : ` at ${at}`}`,
        ),
        ...changed.map((what) => `  ${what}`),
      ];
