// SPDX-License-Identifier: GPL-3.0-only
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { lookAtHost } from '../../boundary/attest/host.ts';
import { type HostCheck, wayOutSchema } from '../../boundary/attest/schema.ts';
import { startConfined } from '../../boundary/confined/start-confined.ts';
import { removeTree } from '../../boundary/read-only-folder.ts';
import { startAdvice } from '../../boundary/start-advice.ts';
import { printable } from '../../data/printable.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { UserError } from '../../data/user-error.ts';
import { shownInstallation } from '../../night/child/child-view.ts';

const provedSchema = z.strictObject({
  probes: z.array(wayOutSchema),
  credentials: z.array(z.string()),
});

const main = fileURLToPath(new URL('../../boundary/attest/main.ts', import.meta.url));

/**
 * `pantheon doctor --prove`: tries every way out of the process in which a night works, and prints how each
 * ended. Exit code 1 where one is open.
 */
export const proveCommand = async ({ json }: { readonly json?: true }): Promise<void> => {
  const [proved, host] = [await prove(), await lookAtHost()];
  const closed =
    proved.credentials.length === 0 && proved.probes.every(({ outcome }) => outcome !== 'open');
  process.stdout.write(
    json ? `${JSON.stringify({ ...proved, host, closed }, null, 2)}\n` : table(proved, host),
  );
  process.exitCode = closed ? 0 : 1;
};

const prove = async (): Promise<z.output<typeof provedSchema>> => {
  const place = await makeTemporaryFolder('child');
  try {
    const child = await startConfined({
      argv: [process.execPath, '--disable-warning=ExperimentalWarning', main],
      shown: shownInstallation(),
      temporary: place,
      env: {},
    });
    const spawned = new Promise<never>((_, reject) => child.once('error', reject));
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('a child without pipes');
    const [said, errors] = await Promise.race([
      Promise.all([text(stdout), text(stderr)]),
      spawned,
    ]).catch(async (cause) => {
      throw cannot(await startAdvice(cause), cause);
    });
    if (said === '') throw cannot(await startAdvice(errors));
    return provedSchema.parse(JSON.parse(said));
  } finally {
    await removeTree(place);
  }
};

const cannot = (advice: string, cause?: unknown): UserError =>
  new UserError(`No night can begin here: ${advice}`, { cause });

const table = (
  { probes, credentials }: z.output<typeof provedSchema>,
  host: readonly HostCheck[],
): string => {
  const width = Math.max(...probes.map(({ way }) => way.length));
  const rows = probes.map(
    ({ way, outcome, detail }) =>
      `  ${outcome.padEnd(8)}  ${way.padEnd(width)}  ${printable(detail)}`,
  );
  const open = probes.filter(({ outcome }) => outcome === 'open').length;
  const untried = probes.filter(({ outcome }) => outcome === 'untried').length;
  const end =
    open + credentials.length > 0
      ? `${open} of ${probes.length} ways out are open, ${credentials.length} credentials are in sight: no night begins.`
      : `${probes.length - untried} ways out of a night's process were tried, and all were refused.`;
  return [
    'Ways out of the process in which a night works:',
    ...rows,
    ...credentials.map((one) => `  in sight  ${one}`),
    '',
    end,
    ...(untried > 0 ? [`${untried} could not be tried here.`] : []),
    '',
    'What this machine itself allows your user (runner-setup/README.md), apart from that:',
    ...host.map(({ what, outcome, detail }) => `  ${outcome.padEnd(8)}  ${what}: ${detail}`),
    '',
  ].join('\n');
};
