import { tcpProxy } from './tcp-proxy.js';

/** What changes something: the first packet of an exchange in MySQL's protocol, with the command "query". */
const isWrite = (packet: Buffer) =>
  packet[3] === 0 && packet[4] === 0x03 && /COMMIT|INSERT|UPDATE|DELETE/.test(packet.toString());

/** A way to the database on which the answer to one write is lost, with the connection. */
export class CuttingProxy {
  /** The database's URL through this proxy. */
  url = '';
  /** Whether the answer was lost. */
  hasCut = false;
  private left = Infinity;

  /** Open until the running test ends. */
  static async open(databaseUrl: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy();
    const { url } = await tcpProxy(databaseUrl, (packet) => isWrite(packet) && proxy.isNext());
    proxy.url = url;
    return proxy;
  }

  /** Loses the answer to the write of this number from now. */
  cutAfter(number: number): void {
    this.hasCut = false;
    this.left = number;
  }

  private isNext(): boolean {
    if (this.hasCut) return false;
    this.left -= 1;
    this.hasCut = this.left < 0;
    return this.hasCut;
  }
}
