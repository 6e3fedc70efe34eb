import { readFileSync, rmSync } from 'node:fs';
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
  private boot: string | undefined;

  constructor(networksPath: string) {
    this.path = join(networksPath, 'nova-floating-ips.json');
  }

  /** Undefined when there is no record. After a reboot none of the addresses is there any more: then it is empty. */
  read(): readonly Binding[] | undefined {
    const text = readIfExists(this.path);
    if (text !== undefined && text === this.known?.text) return this.known.bindings;
    this.known = undefined;
    const record = text === undefined ? undefined : parse(text);
    if (text === undefined || !record) return undefined;
    const bindings = record.boot === this.bootId() ? record.bindings : [];
    this.known = { text, bindings };
    return bindings;
  }

  /** Nothing to tell leaves no file. What was read just before and says the same stays. */
  write(bindings: readonly Binding[]): void {
    const before = this.known;
    this.known = undefined;
    if (bindings.length === 0) return rmSync(this.path, { force: true });
    const lines = bindings.map(lineOf).join(',\n');
    const text = `{ "boot": ${JSON.stringify(this.bootId())}, "bindings": [\n${lines}\n] }\n`;
    if (text !== before?.text) {
      makeDirectory(dirname(this.path));
      replaceFile(this.path, text);
    }
    this.known = { text, bindings };
  }

  private bootId(): string {
    return (this.boot ??= readFileSync(BOOT_ID, 'utf8').trim());
  }
}

const LINES = new WeakMap<Binding, string>();

/** A thousand that have not changed are not put into words again for each that has. */
function lineOf(binding: Binding): string {
  const line = LINES.get(binding) ?? JSON.stringify(binding);
  LINES.set(binding, line);
  return line;
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
