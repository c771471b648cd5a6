// SPDX-License-Identifier: GPL-3.0-only
import { SandboxFault } from '../executor.ts';
import { seccompFilter } from './filter.ts';

/** The filter for this machine's processor; see `seccompFilter`. @throws SandboxFault where there is none. */
export const filterHere = (nesting = false): Uint8Array => {
  const { arch } = process;
  if (arch === 'x64' || arch === 'arm64') return seccompFilter(arch, nesting);
  throw new SandboxFault(
    `there is no filter of system calls for ${arch}. Run nights on x86_64 or aarch64`,
  );
};
