/**
 * A program in Perl that speaks netlink, which Node cannot, and raw Ethernet. `ip` and `conntrack` know the same, in three
 * executions, and with walks through all connections for each address; arping takes a second for each address.
 *
 * Arguments: how many rounds of announcements there are, and for how many addresses the kernel is made to look for the
 * connections to forget; for more, all connections are listed once.
 *
 * Orders are lines on stdin; all that can be done is done. What could not be is told on stdout: `failed <line> <reason>`.
 *
 * - `bind <interface index> <address>` gives the device the address, alone in its network.
 * - `announce <interface index> <address> <frame in hexadecimal>` sends the frame, unless the address could not be bound. The
 *   first round is out when the program ends; the others follow from a child, a second apart.
 * - `forget <address>` ends the connections whose packets go to the address, in either direction.
 * - `look` tells which families have tables of nft (`family <number>`) and the names of all ipsets (`set <name>`); at the end
 *   `seen`.
 */
export const NETLINK_PROGRAM = String.raw`
use strict;
my ($rounds, $filtered) = @ARGV;
my (@orders, %unbound);
while (<STDIN>) { push @orders, [$., split] }

sub failed { my ($line, $reason) = @_; chomp $reason; print "failed $line $reason\n" }

# One request; what comes in answer is given to the third argument. Dies with what the kernel says.
my $number = 0;
sub ask {
  my ($socket, $request, $each) = @_;
  my ($type, $flags, $body) = @$request;
  my $message = pack('LSSLL', 16 + length $body, $type, 1 | $flags, ++$number, 0) . $body; # NLM_F_REQUEST
  send($socket, $message, 0, pack('SSLL', 16, 0, 0, 0)) or die "$!\n";
  while (1) {
    defined recv($socket, my $buffer, 1 << 17, 0) or die "$!\n";
    for (my $at = 0; $at + 16 <= length $buffer;) {
      my ($size, $kind, undef, $answered) = unpack 'LSSL', substr $buffer, $at, 12;
      my $answer = substr $buffer, $at + 16, $size - 16;
      $at += ($size + 3) & ~3;
      next if $answered != $number;
      if ($kind == 2 or $kind == 3) { # NLMSG_ERROR, NLMSG_DONE
        my $error = length $answer >= 4 ? -unpack('l', $answer) : 0;
        return if $error <= 0;
        $! = $error;
        die "$!\n";
      }
      $each->($answer);
    }
  }
}
sub netlink { socket(my $socket, 16, 3, shift) or die "$!\n"; $socket } # AF_NETLINK, SOCK_RAW
sub attribute {
  my ($type, $value) = @_;
  my $text = pack 'SSa*', 4 + length $value, $type, $value;
  $text . "\0" x (-length($text) % 4);
}
sub attributes {
  my ($text, %found) = @_;
  for (my $at = 0; $at + 4 <= length $text;) {
    my ($size, $type) = unpack 'SS', substr $text, $at, 4;
    last if $size < 4;
    $found{$type & 0x3fff} = substr $text, $at + 4, $size - 4;
    $at += ($size + 3) & ~3;
  }
  \%found;
}
sub ip { pack 'C4', split /\./, shift }
my $no_answer = sub { };
my ($ACK, $DUMP, $CREATE_OR_REPLACE) = (4, 0x300, 0x500);

my $route;
for (grep { $_->[1] eq 'bind' } @orders) {
  my ($line, undef, $index, $address) = @$_;
  # RTM_NEWADDR; IFA_LOCAL, IFA_ADDRESS
  my $body = pack('CCCCL', 2, 32, 0, 0, $index) . attribute(2, ip($address)) . attribute(1, ip($address));
  eval { ask($route ||= netlink(0), [20, $ACK | $CREATE_OR_REPLACE, $body], $no_answer); 1 }
    or $unbound{$address} = failed($line, $@);
}

my $raw;
my @frames = grep { $_->[1] eq 'announce' and not $unbound{$_->[3]} } @orders;
sub send_frame {
  my (undef, undef, $index, undef, $frame) = @{$_[0]};
  $raw or socket($raw, 17, 3, 0) or die "no raw socket: $!\n"; # AF_PACKET, SOCK_RAW
  my $target = pack 'SnlSCCa8', 17, 0x0806, $index, 0, 0, 0, '';
  send($raw, pack('H*', $frame), 0, $target) or die "interface $index: $!\n";
}
for (@frames) { eval { send_frame($_); 1 } or failed($_->[0], $@) }

my @forgotten = grep { $_->[1] eq 'forget' } @orders;
my $ipv4 = pack 'CCn', 2, 0, 0;
# The kernel looks through all connections, in each direction: far quicker than to list them, as long as they are few addresses.
# Linux 6.11 can. Older ones refuse, because a tuple without ports names no connection.
sub forget_by_filter {
  my $socket = shift;
  for my $address (@_) {
    for my $side (1, 2) { # CTA_TUPLE_ORIG, CTA_TUPLE_REPLY
      my $tuple = attribute(0x8000 | $side, attribute(0x8001, attribute(2, ip($address)))); # CTA_TUPLE_IP; CTA_IP_V4_DST
      # CTA_FILTER: which parts of each tuple have to match; CTA_FILTER_F_CTA_IP_DST
      my $filter = attribute(0x8019, join '', map { attribute($_, pack 'L', $_ == $side ? 2 : 0) } 1, 2);
      ask($socket, [0x102, $ACK, $ipv4 . $tuple . $filter], $no_answer); # IPCTNL_MSG_CT_DELETE
    }
  }
}
sub forget_by_list {
  my $socket = shift;
  my %wanted = map { ip($_) => 1 } @_;
  my $any = join '|', map quotemeta, keys %wanted;
  my $mention = pack 'SS', 8, 2; # CTA_IP_V4_DST
  my $pattern = qr/\Q$mention\E(?:$any)/s;
  my @entries;
  # IPCTNL_MSG_CT_GET
  ask($socket, [0x101, $DUMP, $ipv4], sub {
    $_[0] =~ $pattern or return;
    my $entry = attributes(substr $_[0], 4);
    # CTA_TUPLE_ORIG, CTA_TUPLE_REPLY; CTA_TUPLE_IP
    my @targets = map { attributes(attributes($entry->{$_})->{1})->{2} } 1, 2;
    push @entries, $entry if grep { $wanted{$_} } @targets;
  });
  for my $entry (@entries) {
    # the original tuple names it, CTA_ZONE and CTA_ID if there
    my @parts = (attribute(0x8001, $entry->{1}), map { attribute($_, $entry->{$_}) } grep { $entry->{$_} } 18, 12);
    # IPCTNL_MSG_CT_DELETE; gone by itself meanwhile is as good
    eval { ask($socket, [0x102, $ACK, $ipv4 . join '', @parts], $no_answer); 1 } or $! == 2 or die $@; # ENOENT
  }
}
sub forget {
  my @addresses = map { $_->[2] } @forgotten;
  my $socket = netlink(12);
  @addresses <= $filtered and eval { forget_by_filter($socket, @addresses); 1 } and return;
  forget_by_list($socket, @addresses);
}
if (@forgotten) {
  eval { forget(); 1 } or do { my $reason = $@; failed($_->[0], $reason) for @forgotten };
}

sub look {
  my $socket = netlink(12);
  my %families;
  # NFT_MSG_GETTABLE
  ask($socket, [0xa01, $DUMP, pack 'CCn', 0, 0, 0], sub { $families{unpack 'C', $_[0]} = 1 });
  print "family $_\n" for keys %families;
  # IPSET_CMD_LIST, only names; a kernel without ipset has none
  my $flags = attribute(1, pack 'C', 6) . attribute(0x4006, pack 'N', 2);
  eval {
    ask($socket, [0x607, $DUMP, pack('CCn', 2, 0, 0) . $flags], sub {
      my $name = attributes(substr $_[0], 4)->{2};
      print 'set ', unpack('Z*', $name), "\n" if defined $name;
    });
  };
  print "seen\n";
}
for (grep { $_->[1] eq 'look' } @orders) { eval { look(); 1 } or failed($_->[0], $@) }

# To close a raw socket takes the kernel some 10 ms: a child does it, when there are no rounds left.
exit if not @frames or fork;
close STDIN; close STDOUT; close STDERR;
for (2 .. $rounds) { sleep 1; for (@frames) { eval { send_frame($_) } } }
`;
