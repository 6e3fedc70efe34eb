import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Ipv4 } from '@novanet/net-address';
import { makeDirectory } from '../files/make-directory.js';
import { readIfExists, replaceFile } from '../files/replace-file.js';
import type { Binding, PendingWork } from './binding.js';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/**
 * Which addresses we bound, beside dnsmasq's files. An address on a device does not say who put it there, and floating
 * IPs that moved away while this host was down must go, but never an address of the operator's.
 */
export class BindingRecord {
  readonly path: string;
  /** What the file said when it was last read or written, and what that means. */
  private known: { readonly text: string; readonly bindings: readonly Binding[] } | undefined;

  constructor(networksPath: string) {
    this.path = join(networksPath, 'nova-floating-ips.json');
  }

  /** Undefined when there is no record. After a reboot none of the addresses is there any more: then it is empty. */
  async read(): Promise<readonly Binding[] | undefined> {
    const text = await readIfExists(this.path);
    if (text === undefined) return undefined;
    if (text === this.known?.text) return this.known.bindings;
    const record = parse(text);
    if (!record) return undefined;
    const bindings = record.boot === (await bootId()) ? record.bindings : [];
    this.known = { text, bindings };
    return bindings;
  }

  /** Nothing to tell leaves no file. */
  async write(bindings: readonly Binding[]): Promise<void> {
    if (bindings.length === 0) return rm(this.path, { force: true });
    const text = `${JSON.stringify({ boot: await bootId(), bindings }, null, 1)}\n`;
    if (text === (await readIfExists(this.path))) return;
    await makeDirectory(dirname(this.path));
    await replaceFile(this.path, text);
    this.known = { text, bindings };
  }
}

async function bootId(): Promise<string> {
  return (await readFile(BOOT_ID, 'utf8')).trim();
}

function parse(text: string): { boot: unknown; bindings: Binding[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('bindings' in value && 'boot' in value))
      return undefined;
    const { boot, bindings } = value;
    return Array.isArray(bindings) ? { boot, bindings: bindings.flatMap(parseBinding) } : undefined;
  } catch {
    return undefined;
  }
}

function parseBinding(value: unknown): Binding[] {
  if (typeof value !== 'object' || value === null) return [];
  const field = (name: string): unknown => Object.entries(value).find(([key]) => key === name)?.[1];
  const address = Ipv4.tryParse(String(field('address')));
  const fixedAddress = Ipv4.tryParse(String(field('fixedAddress')));
  const device = field('device');
  const pending = field('pending');
  if (!address || !fixedAddress || typeof device !== 'string' || !Array.isArray(pending)) return [];
  const origin = field('origin') === 'found' ? 'found' : 'bound';
  return [{ address, fixedAddress, device, origin, pending: pending.filter(isPendingWork) }];
}

function isPendingWork(value: unknown): value is PendingWork {
  return value === 'announcement' || value === 'connections';
}
