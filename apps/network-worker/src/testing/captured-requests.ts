import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../libs/messaging/fixtures/captures/', import.meta.url);

interface CapturedMessage {
  readonly kind: 'request' | 'reply';
  readonly exchange: string;
  readonly routing_keys: readonly string[];
  readonly 'oslo.message decoded': Record<string, unknown>;
}

/** A request that reached a running nova-network, and what that answered; nothing, where nobody waited. */
export interface CapturedRequest {
  /** With a number behind it where the file holds several. */
  readonly name: string;
  readonly isFanout: boolean;
  /** `network.<host>` rather than `network`. */
  readonly isDirected: boolean;
  readonly message: Readonly<Record<string, unknown>> & { readonly method: string };
  readonly reply: Readonly<Record<string, unknown>> | undefined;
}

/** All of them, in the order in which they were made. */
export function capturedRequests(): CapturedRequest[] {
  const files = readdirSync(folder).filter((name) => /^\d/.test(name));
  return files.toSorted().flatMap(requestsIn);
}

function requestsIn(file: string): CapturedRequest[] {
  const { messages }: { messages: CapturedMessage[] } = JSON.parse(
    readFileSync(new URL(file, folder), 'utf8'),
  );
  const replies = messages.filter(({ kind }) => kind === 'reply').map((each) => each['oslo.message decoded']);
  const toNetwork = messages.filter(({ kind, exchange, routing_keys: [key = ''] }) => {
    return kind === 'request' && (exchange === 'network_fanout' || /^network(\.|$)/.test(key));
  });
  return toNetwork.map(({ exchange, routing_keys: [key = ''], 'oslo.message decoded': message }, index) => ({
    name: `${file.replace('.json', '')}${index === 0 ? '' : ` (${index + 1})`}`,
    isFanout: exchange === 'network_fanout',
    isDirected: key.startsWith('network.'),
    message: { ...message, method: String(message['method']) },
    reply: replies.find(
      (reply) => message['_msg_id'] !== undefined && reply['_msg_id'] === message['_msg_id'],
    ),
  }));
}

/** What two clouds cannot have in common: times and numbers of rows. */
export function comparable(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, comparable(inner, name)]));
  }
  if (key === 'updated_at') return 'a time, or null';
  if (typeof value === 'string') return value.replace(/^\d{4}(-\d\d){2}T(\d\d:){2}\d\d(\.\d{6})?/, 'time');
  return typeof value === 'number' && /(^|_)id$/.test(key) ? 'a number' : value;
}

/** What the worker drew for itself stands for what nova had drawn: uuids, MACs. */
export class Renames {
  private readonly known = new Map<string, string>();

  /** Two answers to the same request. */
  learn(theirs: unknown, ours: unknown): void {
    if (typeof theirs === 'string' && typeof ours === 'string') {
      if (theirs !== ours && drawn.test(theirs) && drawn.test(ours)) this.known.set(theirs, ours);
    } else if (typeof theirs === 'object' && typeof ours === 'object' && theirs && ours) {
      const mine = new Map(Object.entries(ours));
      for (const [key, value] of Object.entries(theirs)) this.learn(value, mine.get(key));
    }
  }

  apply(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const text = [...this.known].reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(value));
    const renamed: Record<string, unknown> = JSON.parse(text);
    return renamed;
  }
}

const drawn = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|fa:16:3e(:[0-9a-f]{2}){3})$/;
