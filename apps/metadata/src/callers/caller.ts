import type { IpAddress, Mac } from '@novanet/net-address';

/** Who asks, as far as the request tells. */
export type Caller =
  /** From one of its addresses. */
  | { readonly by: 'address'; readonly address: IpAddress }
  /** From the address of its link, which is made of the NIC's MAC. */
  | { readonly by: 'mac'; readonly mac: Mac }
  /** In whose name a proxy asks that we trust. */
  | {
      readonly by: 'uuid';
      readonly uuid: string;
      readonly projectId: string;
      readonly address: IpAddress | undefined;
    };

/** A request that says nobody, or somebody that it may not. */
export interface Refusal {
  readonly status: 400 | 403 | 404;
  /** For the page of the error. */
  readonly explanation: string;
}

/** For memory and counts: the same for every request of one caller. */
export function callerKey(caller: Caller): string {
  if (caller.by === 'uuid') return caller.uuid;
  return (caller.by === 'mac' ? caller.mac : caller.address).toString();
}
