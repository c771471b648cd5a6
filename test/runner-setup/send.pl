# SPDX-License-Identifier: GPL-3.0-only
# Ways to send, for `perl send.pl EXPRESSION`. Each tries for a moment and says nothing: who receives counts.
use strict;
use warnings;
use Socket qw(:DEFAULT :addrinfo IPPROTO_TCP IPPROTO_UDP IPPROTO_IPV6 inet_pton pack_sockaddr_in6 unpack_sockaddr_in6);
use Fcntl;
$| = 1;
$SIG{PIPE} = 'IGNORE';

sub target {
  my ($address, $port, $scope) = @_;
  return $address =~ /:/
    ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address), $scope // 0)
    : pack_sockaddr_in($port, inet_aton($address));
}
sub family { $_[0] =~ /:/ ? AF_INET6 : AF_INET }
sub open_socket {
  my ($family, $type, $protocol, %how) = @_;
  socket(my $s, $family, $type, $protocol) or die "socket: $!";
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
  setsockopt($s, SOL_SOCKET, SO_BROADCAST, 1) if $how{broadcast};
  bind($s, target(@{ $how{from} })) or die "bind: $!" if $how{from};
  return $s;
}
sub wait_for { my ($s, $write, $seconds) = @_; my $bits = ''; vec($bits, fileno $s, 1) = 1;
  return $write ? select(undef, $bits, undef, $seconds) : select($bits, undef, undef, $seconds) }
# A connection, and what is said over it.
sub tcp {
  my ($address, $port, $say, %how) = @_;
  my $s = open_socket(family($address), SOCK_STREAM, $how{protocol} // 0, %how);
  fcntl($s, F_SETFL, O_NONBLOCK);
  connect($s, target($address, $port));
  wait_for($s, 1, 0.1);
  syswrite($s, $say // "secret\n");
  return $s;
}
sub udp {
  my ($address, $port, $say, %how) = @_;
  my $s = open_socket(family($address), SOCK_DGRAM, $how{protocol} // 0, %how);
  send($s, $say // "secret", 0, target($address, $port, $how{scope}));
  return $s;
}
# Data in the first packet (TCP Fast Open).
sub fast_open {
  my ($address, $port) = @_;
  my $s = open_socket(family($address), SOCK_STREAM, 0);
  fcntl($s, F_SETFL, O_NONBLOCK);
  send($s, "secret", 0x20000000, target($address, $port));
  wait_for($s, 1, 0.1);
}
sub question { my ($name) = @_;
  return pack('n6', 7, 0x100, 1, 0, 0, 0) . join('', map { pack 'C/a', $_ } split /\./, $name) . pack('xnn', 1, 1) }
# An echo request of a user without rights (icmp(7), ping_group_range).
sub ping {
  my ($address, $type, $protocol) = @_;
  my $s = open_socket(family($address), $type, $protocol);
  my $kind = family($address) == AF_INET6 ? 128 : 8;
  my $echo = pack('CCnnn', $kind, 0, 0, 7, 1) . 'secret';
  my $sum = 0;
  $sum += $_ for unpack 'n*', $echo . "\0" x (length($echo) % 2);
  $sum = ($sum >> 16) + ($sum & 0xffff) for 1 .. 2;
  substr($echo, 2, 2) = pack 'n', ~$sum & 0xffff if $kind == 8;
  send($s, $echo, 0, target($address, 0));
}
# A whole IPv4 packet with a header of one's own.
sub raw_packet {
  my ($from, $to) = @_;
  my $body = pack('nnnn', 4000, 9999, 14, 0) . 'secret';
  return pack('CCnnnCCna4a4', 0x45, 0, 20 + length $body, 1, 0, 64, 17, 0, inet_aton($from), inet_aton($to)) . $body;
}
sub sum_of { my $sum = 0; $sum += $_ for unpack 'n*', $_[0]; $sum = ($sum >> 16) + ($sum & 0xffff) for 1 .. 2; return ~$sum & 0xffff }
sub raw { my ($from, $to) = @_;
  my $s = open_socket(AF_INET, 3, 255);
  send($s, raw_packet($from, $to), 0, target($to, 0)) }
# A frame, past the whole of IP: packet(7).
sub frame {
  my ($index, $to_mac, $from, $to) = @_;
  socket(my $s, 17, SOCK_DGRAM, 0) or die "packet: $!";
  my $packet = raw_packet($from, $to);
  substr($packet, 10, 2) = pack 'n', sum_of(substr $packet, 0, 20);
  my $mac = pack 'H12', $to_mac =~ s/://gr;
  send($s, $packet, 0, pack('SnlSCCa8', 17, 0x0800, $index, 1, 0, 6, $mac)) or die "send: $!";
}
# Says that it is so far, and goes on when it is told to.
sub ready { print "ready\n"; <STDIN> }

my $code = shift;
eval "$code; 1" or print STDERR $@;
