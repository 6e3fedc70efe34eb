import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ipv4 } from '@novanet/net-address';
import type { CommandRunner } from '../commands/command-runner.js';
import { makeDirectory } from '../files/make-directory.js';
import { replaceFile } from '../files/replace-file.js';

/** Each address costs two walks through the whole table; for more than these, one look tells which have any entry. */
const MOST_AT_ONCE = 8;

const LIMIT_MS = 60_000;

/**
 * Makes the kernel forget the connections that came in by these floating IPs, or left under them; those of the
 * instance's other addresses go on (nova cut them all). Throws CommandFailed.
 * @param directory for the file of orders: conntrack opens its input by name, which Node's pipes do not have
 */
export async function forgetConnections(
  runner: CommandRunner,
  directory: string,
  addresses: readonly Ipv4[],
): Promise<void> {
  const texts = addresses.map((address) => address.toString());
  const used = texts.length > MOST_AT_ONCE ? await usedAmong(runner, texts) : texts;
  if (used.length === 0) return;
  const orders = join(directory, 'nova-conntrack.orders');
  await makeDirectory(directory);
  await replaceFile(orders, used.map((address) => `-D -d ${address}\n-D -q ${address}\n`).join(''));
  try {
    await runner.run({ argv: ['conntrack', '-R', orders], timeoutMs: LIMIT_MS });
  } finally {
    await rm(orders, { force: true });
  }
}

/** Of these addresses, those to which a packet of any connection goes, in either direction. */
async function usedAmong(runner: CommandRunner, addresses: readonly string[]): Promise<string[]> {
  const { stdout } = await runner.run({ argv: ['conntrack', '-L', '-f', 'ipv4'], timeoutMs: LIMIT_MS });
  const destinations = new Set([...stdout.matchAll(/ dst=([\d.]+)/g)].map(([, address]) => address));
  return addresses.filter((address) => destinations.has(address));
}
