// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One protection taken away: options that follow each other are exchanged for others. */
export type Weakness = {
  readonly from?: readonly string[];
  /** In their place; without `from`, behind all mounts. */
  readonly to?: readonly string[];
  /** Perl that runs before bubblewrap. */
  readonly before?: string;
  /** The setup goes on the command line, where bubblewrap's own name is its first word. */
  readonly inline?: true;
};

const list = (words: readonly string[]): string =>
  `(${words.map((word) => `'${word.replace(/['\\]/g, '\\$&')}'`).join(', ')})`;

/** Writes a program that starts bubblewrap with everything it is told but one protection. */
export const writeWeakened = (
  folder: string,
  name: string,
  { from = [], to = [], before = '', inline }: Weakness,
): string => {
  const file = join(folder, `bwrap-${name}`);
  const script = `#!/usr/bin/perl
use IO::Handle;
use POSIX ();
my @from = ${list(from)};
my @to = ${list(to)};
sub exchange {
  my @words = @_;
  for my $at (0 .. @words - @from) {
    next if grep { $words[$at + $_] ne $from[$_] } 0 .. $#from;
    splice @words, $at, scalar(@from), @to;
    return (1, @words);
  }
  return (0, @words);
}
# A tree is held by bubblewrap as it is.
exec 'bwrap', @ARGV if $ARGV[0] ne '--args';
open(my $in, '<&=', 3) or die;
my @setup = do { local $/; split /\\0/, <$in> };
my $done;
if (@from) {
  ($done, @setup) = exchange(@setup);
  ($done, @ARGV) = exchange(@ARGV) unless $done;
} elsif (@to) {
  my ($at) = grep { $setup[$_] eq '--chdir' } 0 .. $#setup;
  splice @setup, $at, 0, @to;
  $done = 1;
} else { $done = 1 }
die "there is nothing to take away" unless $done;
${before}
${
  inline
    ? 'exec "bwrap", @setup, @ARGV[2 .. $#ARGV];'
    : `open(my $out, '+>', undef) or die;
print $out map { "$_\\0" } @setup;
$out->flush; seek $out, 0, 0;
POSIX::dup2(fileno $out, 3) unless fileno $out == 3;
exec 'bwrap', @ARGV;`
}
`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
};
