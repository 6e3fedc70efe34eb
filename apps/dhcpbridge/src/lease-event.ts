import { Ipv4, Mac } from '@novanet/net-address';

/** What dnsmasq told of an address. */
export type LeaseEvent = GivenLease | EndedLease;

/** A lease was given or renewed. */
interface GivenLease {
  readonly kind: 'given';
  readonly mac: Mac;
  readonly address: Ipv4;
  /** Null: never. */
  readonly expiresAt: Date | null;
}

/** A lease expired or was given back. */
interface EndedLease {
  readonly kind: 'ended';
  readonly mac: Mac;
  readonly address: Ipv4;
}

/** Reads what bin/novanet-dhcpbridge writes: "add fa:16:3e:00:00:01 10.0.0.3 1790000000". Undefined: it is nothing of the sort. */
export function parseLeaseEvent(content: string): LeaseEvent | undefined {
  const [, action, macText = '', addressText = '', expiry] =
    /^(add|old|del) (\S+) (\S+) (\d{1,11})\n?$/.exec(content) ?? [];
  const mac = Mac.tryParse(macText);
  const address = Ipv4.tryParse(addressText);
  if (!mac || !address) return undefined;
  if (action === 'del') return { kind: 'ended', mac, address };
  const seconds = Number(expiry);
  return { kind: 'given', mac, address, expiresAt: seconds === 0 ? null : new Date(seconds * 1000) };
}
