import { BadRequestException } from '@nestjs/common';
import { onlyAction } from '../http/only-action.js';
import { checkedBody } from '../http/validation.js';
import type { RuleName } from '../policy/default-rules.js';
import type { NetworkOwnership } from '../workers/network-workers.js';
import { IsHostNameText } from './nova-types.js';

/** What `POST /v2.1/os-networks/{uuid}/action` may ask for. */
export interface NetworkAction {
  readonly rule: RuleName;
  readonly changes: NetworkOwnership;
}

class AssociateHostBody {
  @IsHostNameText()
  readonly associate_host!: string;
}

const ASSOCIATE = 'os_compute_api:os-networks-associate';

const actions: ReadonlyMap<string, (body: unknown) => NetworkAction> = new Map<
  string,
  (body: unknown) => NetworkAction
>([
  ['disassociate', () => ({ rule: 'os_compute_api:os-networks', changes: { host: null, project_id: null } })],
  ['disassociate_host', () => ({ rule: ASSOCIATE, changes: { host: null } })],
  ['disassociate_project', () => ({ rule: ASSOCIATE, changes: { project_id: null } })],
  ['associate_host', (body) => ({ rule: ASSOCIATE, changes: { host: hostIn(body) } })],
]);

/** Throws BadRequestException. */
export function readNetworkAction(body: unknown): NetworkAction {
  const [name] = onlyAction(body);
  const read = actions.get(name);
  if (!read) throw new BadRequestException(`There is no such action: ${name}`);
  return read(body);
}

function hostIn(body: unknown): string {
  const parsed: unknown = checkedBody('refused').transform(body, {
    type: 'body',
    metatype: AssociateHostBody,
  });
  if (!(parsed instanceof AssociateHostBody)) throw new BadRequestException('Malformed request body');
  return parsed.associate_host;
}
