import { FrameListener } from './frame-listener.js';

/** What a device of a segment is told by ARP. */
export class ArpListener {
  private constructor(private readonly listener: FrameListener) {}

  static async start(netns: string): Promise<ArpListener> {
    return new ArpListener(await FrameListener.start(netns));
  }

  /** Who said of themselves that they have the address, in order: `request 52:54:00:00:00:10`. */
  announcementsOf(address: string): string[] {
    const ip = address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('');
    return this.listener.frames().flatMap((frame) => {
      const [, operation, mac = ''] =
        new RegExp(`^.{24}08060001080006040(00.)(.{12})${ip}.{12}${ip}`).exec(frame) ?? [];
      if (operation === undefined) return [];
      return [`${operation === '001' ? 'request' : 'reply'} ${mac.match(/../g)?.join(':')}`];
    });
  }

  close(): void {
    this.listener.close();
  }
}
