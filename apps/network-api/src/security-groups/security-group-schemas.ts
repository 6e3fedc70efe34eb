import type { Schema } from '../open-api/schema-types.js';

const text = { type: 'string' } as const;
const nullableNumber = { type: 'integer', nullable: true } as const;
const id = { type: 'integer' } as const;
const block = { type: 'object', properties: { cidr: { ...text, example: '10.0.0.0/8' } } } as const;
const nothing = { type: 'object', maxProperties: 0 } as const;
const group = { type: 'object', properties: { name: text, tenant_id: text } } as const;
const oneOf = (...schemas: Schema[]): Schema[] => schemas;

const traffic = {
  ip_protocol: {
    ...text,
    nullable: true,
    example: 'tcp',
    description: 'Null: traffic of every kind, without ports.',
  },
  from_port: { ...nullableNumber, example: 22, description: 'With ICMP the type; -1: any.' },
  to_port: { ...nullableNumber, example: 22, description: 'With ICMP the code; -1: any.' },
} as const;

/** What requests about security groups are answered with. */
export const securityGroupSchemas = {
  SecurityGroup: {
    type: 'object',
    properties: {
      id,
      name: { ...text, example: 'default' },
      description: { ...text, nullable: true },
      tenant_id: text,
      rules: { type: 'array', items: { $ref: '#/components/schemas/SecurityGroupRule' } },
    },
  },
  SecurityGroupRule: {
    type: 'object',
    properties: {
      id,
      parent_group_id: { ...id, description: 'The group that has the rule.' },
      ...traffic,
      ip_range: {
        oneOf: oneOf(block, nothing),
        description: 'Where the traffic comes from; empty: from a group.',
      },
      group: {
        oneOf: oneOf(group, nothing),
        description: 'Whose members it comes from; empty: from a block.',
      },
    },
  },
  SecurityGroupDefaultRule: { type: 'object', properties: { id, ...traffic, ip_range: block } },
} as const satisfies Record<string, object>;
