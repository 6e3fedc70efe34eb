const text = { type: 'string' } as const;
const nothing = { nullable: true, enum: [null, 'None', {}] };

/** What requests and answers about fixed IPs are made of. */
export const fixedIpSchemas = {
  FixedIp: {
    type: 'object',
    properties: {
      address: { ...text, example: '10.0.0.3' },
      cidr: { ...text, example: '10.0.0.0/24' },
      host: { ...text, nullable: true },
      hostname: { ...text, nullable: true },
      reserved: { type: 'boolean', description: 'Since microversion 2.4.' },
    },
    required: ['address', 'cidr', 'host', 'hostname'] as string[],
  },
  ListedFixedIp: {
    type: 'object',
    properties: {
      address: { ...text, example: '10.0.0.3' },
      network_id: { ...text, format: 'uuid' },
      label: text,
      cidr: { ...text, example: '10.0.0.0/24' },
      role: { ...text, description: 'instance, or what else it is for: gateway, dhcp, vpn, reserved.' },
      instance_uuid: { ...text, format: 'uuid', nullable: true },
      hostname: { ...text, nullable: true, description: 'Of the instance.' },
      host: { ...text, nullable: true, description: 'Of the instance.' },
      allocated: { type: 'boolean' },
      leased: { type: 'boolean', description: 'A DHCP lease runs.' },
      reserved: { type: 'boolean', description: 'No instance is given it.' },
    },
  },
  FixedIpAction: {
    type: 'object',
    properties: { reserve: nothing, unreserve: nothing },
    minProperties: 1,
    maxProperties: 1,
  },
} as const;
