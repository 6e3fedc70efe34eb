import type { IpAddress } from '@novanet/net-address';

/** Somebody on the other side of the network whom this host must not lose. */
export interface Peer {
  /** `the SSH session from 198.51.100.7` */
  readonly name: string;
  readonly address: IpAddress;
  /** This host's end of the connection. Undefined: there is none yet. */
  readonly own: IpAddress | undefined;
}

/** A server that the worker cannot do without. */
export interface Endpoint {
  /** `broker` */
  readonly what: string;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}
