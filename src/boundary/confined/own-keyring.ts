// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';

const perl = '/usr/bin/perl';
const call = { x64: 250, arm64: 219 } as const;

/** Where kernel or container refuse the call itself (EPERM, ENOSYS), nobody there has put a key into a keyring. */
const script = `
my $call = shift;
if (syscall($call, 1, 0) < 0 && $! != 1 && $! != 38) {
  print STDERR "the kernel gives no session keyring: $!\\n"; exit 1;
}
exec { $ARGV[0] } @ARGV or print STDERR "failed to execute $ARGV[0]: $!\\n";
exit 127;`;

/** Whether this machine has what joins a new session keyring: Node has no call for that. */
export const canJoinKeyring = (): boolean => process.arch in call && existsSync(perl);

/**
 * What to start a program with so that it has a new and empty session keyring (keyctl(2),
 * KEYCTL_JOIN_SESSION_KEYRING); nothing where this machine cannot. The program keeps its process.
 */
export const withOwnKeyring = (): readonly string[] =>
  canJoinKeyring() ? [perl, '-e', script, String(call[process.arch as keyof typeof call])] : [];
