const PROGRAM = String.raw`
use strict;
$| = 1;
$0 = 'novanet-rule-monitor';
socket(my $events, 16, 3, 12) or die "no netlink: $!\n"; # AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER
# SO_RCVBUFFORCE: room for ten thousand rules, which is taken when they come.
setsockopt($events, 1, 33, pack 'L', 1 << 26) or die "no room for events: $!\n";
bind($events, pack 'SSLL', 16, 0, 0, 1 << 6) or die "no events: $!\n"; # NFNLGRP_NFTABLES

sub process_of {
  my ($text) = @_;
  for (my $at = 0; $at + 8 <= length $text;) {
    my ($size, $type) = unpack 'SS', substr $text, $at, 4;
    return unpack 'N', substr $text, $at + 4, 4 if $type == 2; # NFTA_GEN_PROC_PID
    $at += ($size + 3) & ~3 || 4;
  }
  0;
}

while (1) {
  my $buffer;
  if (not defined recv($events, $buffer, 1 << 17, 0)) {
    $! == 105 or die "no more events: $!\n"; # ENOBUFS
    print "lost\n";
    next;
  }
  for (my $at = 0; $at + 20 <= length $buffer;) {
    my ($size, $type) = unpack 'LS', substr $buffer, $at, 6;
    # NFT_MSG_NEWGEN: a transaction has taken place.
    print 'rules changed by ', process_of(substr $buffer, $at + 20, $size - 20), "\n" if $type == 0xa0f;
    $at += ($size + 3) & ~3 || 20;
  }
}
`;

/**
 * What to follow to hear of changed rules of the nft variants. xtables-monitor tells the same, but ends when it is told too
 * much at once, as it is of a few hundred rules.
 */
export const RULE_EVENTS = ['perl', '-e', PROGRAM] as const;

/** @returns whether a line of {@link RULE_EVENTS} tells of a change by somebody else */
export function isForeignChange(line: string, isOwn: (pid: number) => boolean): boolean {
  if (line === 'lost') return true;
  const pid = /^rules changed by (\d+)$/.exec(line)?.[1];
  // In a namespace of process ids the kernel calls ours by other numbers: then we look once more than we need to.
  return pid !== undefined && !isOwn(Number(pid));
}
