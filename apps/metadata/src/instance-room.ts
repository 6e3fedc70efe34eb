import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Answer, plainText, refusal } from './http/answer.js';
import { readBody } from './http/read-body.js';
import type { PasswordStore } from './password/password-store.js';
import { factsOf, type FactOptions, type FoundInstance } from './tree/instance-facts.js';
import { answerOf, type Folder } from './tree/metadata-node.js';
import { metadataTree, nodeAt } from './tree/metadata-tree.js';
import type { VendorData } from './vendor-data/vendor-data.js';
import type { IpAddress } from '@novanet/net-address';

/** Where an instance's data come from, besides the instance. */
export interface RoomParts {
  readonly passwords: PasswordStore;
  readonly vendorData: Pick<VendorData, 'forAll' | 'of'>;
  readonly facts: FactOptions;
}

/** nova keeps four parts of 255 characters. */
const LONGEST_PASSWORD = 1020;

const PASSWORD_SINCE = '2013-04-04';

/** Those of a hundred instances at a time: asking the system for each costs more than to make the rest. */
const seeds = bytesInStock(512, 100);

const randomSeed = () => seeds().toString('base64');

/** What an instance finds behind the door: files to read, and a place to leave its password. */
export class InstanceRoom {
  /** Of instances that are still remembered. */
  private readonly trees = new WeakMap<FoundInstance, Map<string, Folder>>();

  constructor(private readonly parts: RoomParts) {}

  async answer(
    request: IncomingMessage,
    names: readonly string[],
    found: FoundInstance,
    address: IpAddress | undefined,
  ): Promise<Answer> {
    const node = nodeAt(this.treeOf(found, address), names);
    if (!node) return refusal(request, 404);
    if (request.method === 'POST' && isPassword(names)) return this.leavePassword(request, found);
    return { status: 200, ...(await answerOf(node)) };
  }

  private treeOf(found: FoundInstance, address: IpAddress | undefined): Folder {
    const own = this.trees.get(found) ?? new Map<string, Folder>();
    this.trees.set(found, own);
    const key = String(address);
    const tree = own.get(key) ?? this.plant(found, address);
    own.set(key, tree);
    return tree;
  }

  private plant(found: FoundInstance, address: IpAddress | undefined): Folder {
    const { passwords, vendorData } = this.parts;
    const { instance } = found;
    const facts = factsOf(found, address, this.parts.facts);
    return metadataTree(facts, {
      randomSeed,
      vendorData: () => vendorData.forAll(),
      vendorData2: () => vendorData.of(instance, facts.hostname),
      password: () => passwords.password(instance.uuid),
    });
  }

  private async leavePassword(request: IncomingMessage, { instance }: FoundInstance): Promise<Answer> {
    const body = await readBody(request, LONGEST_PASSWORD);
    if (!body) return refusal(request, 400, { explanation: 'Request is too large.' });
    const outcome = await this.parts.passwords.leavePassword(instance.uuid, body.toString('utf8'));
    if (outcome === 'stored') return plainText('');
    return refusal(request, outcome === 'taken' ? 409 : 404);
  }
}

/** `openstack/<version>/password`, since there is one. */
export function isPassword([tree, version = '', file, ...rest]: readonly string[]): boolean {
  return tree === 'openstack' && file === 'password' && rest.length === 0 && version >= PASSWORD_SINCE;
}

/** Bytes that were given to nobody before. */
function bytesInStock(size: number, pieces: number): () => Buffer {
  let stock = Buffer.alloc(0);
  return () => {
    if (stock.length < size) stock = randomBytes(size * pieces);
    const piece = stock.subarray(0, size);
    stock = stock.subarray(size);
    return piece;
  };
}
