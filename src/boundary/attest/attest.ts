// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { canJoinKeyring } from '../confined/own-keyring.ts';
import { visibleCredentials } from './credentials.ts';
import { tryWaysOut } from './probes.ts';
import type { Attestation, WayOut } from './schema.ts';

/** Ways out that are open, a line each. */
export const openWays = (probes: readonly WayOut[]): readonly string[] =>
  probes.filter(({ outcome }) => outcome === 'open').map(({ way, detail }) => `${way} (${detail})`);

/**
 * Shows that this process reaches nothing. @throws UserError where it does, or sees a credential: a night
 * does not begin in it.
 */
export const attest = async (): Promise<Attestation> => {
  refuseCredentials(visibleCredentials());
  const probes = await tryWaysOut();
  const open = openWays(probes);
  if (open.length > 0) {
    throw new UserError(
      `The night's process is not confined: ${open.join('; ')}. Run "pantheon doctor --prove" and fix what it names.`,
    );
  }
  return { probes: [...probes], missing: [...missingHere()] };
};

const missingHere = (): readonly string[] =>
  canJoinKeyring()
    ? []
    : ['The session keyring is the one of whoever started the night: perl is not installed.'];

/** @throws UserError naming credentials where there are some. */
export const refuseCredentials = (found: readonly string[]): void => {
  if (found.length === 0) return;
  throw new UserError(
    `A credential is in sight of what works at night: ${found.join(', ')}. Take it away, and replace it where it is in use.`,
  );
};
