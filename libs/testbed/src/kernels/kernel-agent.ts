/**
 * What a KernelHost boots into, its process number 1, in Perl (perl-base). It mounts what programs expect, then carries out
 * the orders that it finds in a folder of the real disk, each in a process of its own:
 *
 *     orders/7/argv, env   NUL-separated words
 *     orders/7/input       what the program reads
 *     orders/7/stdout, stderr
 *     orders/7/status      a link to its exit code, made when it ended
 *     orders/7/signal      a link to the name of a signal that its process group shall get
 *
 * Links, because they are there at once and complete, whereas the content of a file waits in the caches of two kernels.
 * All the rest of the disk is read-only in there.
 */
export const kernelAgent = String.raw`#!/usr/bin/perl
use strict;
use warnings;
use Fcntl;
use POSIX ();

$ENV{PATH} = '/usr/sbin:/usr/bin:/sbin:/bin';
my $folder = $ENV{NOVANET_FOLDER};

sub mounted { system('mount', '-t', @_) == 0 or die "cannot mount @_\n" }
mounted('proc', 'proc', '/proc');
mounted('sysfs', 'sysfs', '/sys');
mounted('tmpfs', 'tmpfs', '/run');
mounted('hostfs', '-o', $folder, 'none', $folder);

sub put {
  my ($file, $text) = @_;
  open my $handle, '>', $file or die "$file: $!\n";
  print $handle $text;
  close $handle or die "$file: $!\n";
}
put('/proc/sys/kernel/hostname', $ENV{NOVANET_HOST});
put('/proc/sys/kernel/modprobe', "$folder/modprobe");
system('ip', 'link', 'set', 'lo', 'up') == 0 or die "no loopback\n";

# What update-alternatives would do on a host whose kernel has no nf_tables.
system('cp', '-a', '/etc/alternatives', '/run/alternatives') == 0 or die "no alternatives\n";
for my $tool (qw(iptables ip6tables ebtables)) {
  for my $kind ('', '-save', '-restore') {
    unlink "/run/alternatives/$tool$kind";
    symlink "/usr/sbin/$tool-legacy$kind", "/run/alternatives/$tool$kind" or die "$tool$kind: $!\n";
  }
}
system('mount', '--bind', '/run/alternatives', '/etc/alternatives') == 0 or die "no alternatives\n";

sub words { open my $handle, '<', $_[0] or die "$_[0]: $!\n"; local $/; split /\0/, <$handle> // '' }

sub become {
  my ($order) = @_;
  my @argv = words("$order/argv");
  %ENV = map { split /=/, $_, 2 } words("$order/env");
  open STDIN, '<', "$order/input" or die "$order/input: $!\n";
  close $_ for *STDOUT, *STDERR;
  # What is written is on the disk, where it is read from outside.
  for my $output ([*STDOUT, 'stdout'], [*STDERR, 'stderr']) {
    my ($handle, $name) = @$output;
    sysopen $handle, "$order/$name", O_CREAT | O_WRONLY | O_APPEND | O_SYNC or POSIX::_exit(255);
  }
  chdir $folder;
  no warnings 'exec';
  exec { $argv[0] } @argv or syswrite STDERR, "exec of $argv[0] failed: $!\n";
  POSIX::_exit(255);
}

$SIG{CHLD} = sub { };
my ($last, %running) = (0);
symlink 'yes', "$folder/orders/ready" or die "$folder: $!\n";
for (;;) {
  while ((my $pid = waitpid -1, POSIX::WNOHANG) > 0) {
    my $order = delete $running{$pid} or next;
    symlink(($? & 127) ? 128 + ($? & 127) : $? >> 8, "$order/status");
  }
  while (my ($pid, $order) = each %running) {
    my $signal = readlink "$order/signal" or next;
    unlink "$order/signal";
    kill $signal, -$pid;
  }
  opendir my $orders, "$folder/orders" or die "$folder/orders: $!\n";
  for my $number (sort { $a <=> $b } grep { /^\d+$/ && $_ > $last } readdir $orders) {
    $last = $number;
    my $pid = fork // die "fork: $!\n";
    setpgrp $pid, $pid;
    become("$folder/orders/$number") if $pid == 0;
    $running{$pid} = "$folder/orders/$number";
  }
  closedir $orders;
  select undef, undef, undef, 0.01;
}
`;
