import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { waitFor } from '@novanet/testbed';

/**
 * For each line with a number and a MAC one DISCOVER; with the word `take` behind them a REQUEST for what is offered. Says
 * what was offered or acknowledged.
 */
const SCRIPT = `
const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
const macs = new Map();
const takers = new Set();
function send(number, options) {
  const message = Buffer.alloc(300);
  message.set([1, 1, 6, 0]);
  message.writeUInt32BE(number, 4);
  message.writeUInt16BE(0x8000, 10); // answers are broadcast: the MAC is nobody's here
  Buffer.from(macs.get(number).replaceAll(':', ''), 'hex').copy(message, 28);
  message.writeUInt32BE(0x63825363, 236);
  message.set([...options, 255], 240);
  socket.send(message, 67, '255.255.255.255');
}
socket.on('message', (answer) => {
  const number = answer.readUInt32BE(4);
  const address = [...answer.subarray(16, 20)];
  const options = {};
  for (let at = 240; answer[at] !== 255 && at < answer.length; at += answer[at] === 0 ? 1 : 2 + answer[at + 1]) {
    options[answer[at]] = [...answer.subarray(at + 2, at + 2 + answer[at + 1])];
  }
  const type = options[53][0];
  if (type === 2 && takers.has(number)) send(number, [53, 1, 3, 50, 4, ...address, 54, 4, ...options[54]]);
  else console.log(number + ' ' + (type === 6 ? 'nak' : address.join('.')));
});
socket.bind(68, () => {
  socket.setBroadcast(true);
  console.log('ready');
});
require('node:readline').createInterface(process.stdin).on('line', (line) => {
  const [number, mac, take] = line.split(' ');
  if (take) takers.add(Number(number));
  macs.set(Number(number), mac);
  send(Number(number), [53, 1, 1]);
});
`;

/** Longer than a busy machine needs, shorter than any client waits before it asks again. */
const ANSWER_LIMIT_MS = 1500;

/** Asks for addresses as a machine with any MAC does that boots, and never repeats itself. */
export class DhcpCaller {
  private calls = 0;
  private heard = '';

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.heard += chunk));
    child.stderr.pipe(process.stderr, { end: false });
  }

  /** @param netns with an address and a default route, else nothing can be broadcast */
  static async start(netns: string): Promise<DhcpCaller> {
    const caller = new DhcpCaller(spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', SCRIPT]));
    await waitFor(() => caller.heard.startsWith('ready'), { limitMs: 5000, what: 'it can ask' });
    return caller;
  }

  /** The address it is offered for one DISCOVER; undefined when nobody answers. */
  offered(mac: string): Promise<string | undefined> {
    return this.answerTo(mac);
  }

  /** The address it is offered for one DISCOVER, and then gets. */
  given(mac: string): Promise<string | undefined> {
    return this.answerTo(`${mac} take`);
  }

  close(): void {
    this.child.kill('SIGKILL');
  }

  private async answerTo(words: string): Promise<string | undefined> {
    this.calls += 1;
    const answer = new RegExp(`^${this.calls} (.*)$`, 'm');
    this.child.stdin.write(`${this.calls} ${words}\n`);
    const limit = { limitMs: ANSWER_LIMIT_MS, what: 'an answer', everyMs: 2 };
    return waitFor(() => answer.exec(this.heard)?.[1], limit).catch(() => undefined);
  }
}
