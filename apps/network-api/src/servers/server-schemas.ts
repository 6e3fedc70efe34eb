import { named } from '../open-api/responses.js';
import type { Schema, Schemas } from '../open-api/schema-types.js';

const text: Schema = { type: 'string' };
const nullableText: Schema = { type: 'string', nullable: true };
const uuid: Schema = { type: 'string', format: 'uuid' };
const address: Schema = { type: 'string', format: 'ipv4' };
const links: Schema = { type: 'array', items: named('Link') };
const reference: Record<string, Schema> = { id: uuid, name: text, links };

const object = (properties: Record<string, Schema>, required: string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const floatingIp = object({ address, fixed_address: address }, ['address']);
const group = object({ name: { oneOf: [text, { type: 'integer' }], description: 'Name or number.' } }, [
  'name',
]);
const actions: Record<string, Schema> = {
  addFloatingIp: floatingIp,
  removeFloatingIp: object({ address }, ['address']),
  addFixedIp: object({ networkId: uuid }, ['networkId']),
  removeFixedIp: object({ address }, ['address']),
  addSecurityGroup: group,
  removeSecurityGroup: group,
};

export const serverSchemas: Schemas = {
  Link: {
    type: 'object',
    properties: { rel: { ...text, example: 'self' }, href: text, type: { ...text, example: 'text/html' } },
    required: ['rel', 'href'],
  },
  ServerReference: { type: 'object', properties: reference },
  Server: {
    type: 'object',
    properties: {
      ...reference,
      status: { ...text, enum: ['ACTIVE'] },
      tenant_id: nullableText,
      user_id: nullableText,
      hostId: { ...text, description: 'The same for servers of a project on the same host.' },
      addresses: {
        type: 'object',
        description: 'By the label of the network.',
        additionalProperties: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              addr: text,
              version: { type: 'integer', enum: [4, 6] },
              'OS-EXT-IPS:type': { ...text, enum: ['fixed', 'floating'] },
              'OS-EXT-IPS-MAC:mac_addr': text,
            },
          },
        },
      },
      security_groups: { type: 'array', items: { type: 'object', properties: { name: text } } },
      flavor: { type: 'object', properties: { id: text, links } },
      image: { oneOf: [{ type: 'object', properties: { id: text, links } }, text] },
      key_name: nullableText,
      metadata: { type: 'object', additionalProperties: text },
      created: { ...text, format: 'date-time' },
      updated: { ...text, format: 'date-time' },
      accessIPv4: text,
      accessIPv6: text,
      config_drive: text,
      'OS-EXT-AZ:availability_zone': text,
    },
  },
  ServerAction: {
    oneOf: Object.entries(actions).map(([name, args]) => object({ [name]: args }, [name])),
  },
  VirtualInterface: {
    type: 'object',
    properties: {
      id: uuid,
      mac_address: { ...text, example: 'fa:16:3e:00:00:01' },
      net_id: { ...uuid, description: 'Since 2.12.' },
      'OS-EXT-VIF-NET:net_id': { ...uuid, description: 'By /v2.' },
    },
    required: ['id', 'mac_address'],
  },
};
