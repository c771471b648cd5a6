// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { printableLines } from '../../data/printable.ts';
import { type VerifiedNight, verifyNight } from '../../night/verify/verify-night.ts';
import { keysThatCount } from '../shared/keys-that-count.ts';
import { openNight, type TraceArguments } from '../shared/nights.ts';

type VerifyArguments = TraceArguments & { readonly keys?: string; readonly json?: true };

/** `pantheon trace verify`: exit code 1 where something was changed. */
export const verifyCommand = async (text: string, args: VerifyArguments): Promise<void> => {
  const folder = await openNight(text, args);
  const keys = await keysThatCount(args);
  const verified = await verifyNight(folder, keys);
  const ok = verified.changed.length === 0;
  const said = args.json
    ? JSON.stringify({ ok, ...verified }, null, 2)
    : printableLines(describe(verified).join('\n'));
  process.stdout.write(`${said}\n`);
  process.exitCode = ok ? 0 : 1;
};

const describe = ({ night, keyid, bundles, pruned, changed }: VerifiedNight): readonly string[] =>
  changed.length === 0
    ? [
        `${night}: as ${keyid} signed it, ${pruned ? 'pruned of its' : 'with'} ${countNoun(bundles, 'bundle')}.`,
      ]
    : [`${night}: changed.`, ...changed.map(({ what, how }) => `  ${what} ${how}`)];
