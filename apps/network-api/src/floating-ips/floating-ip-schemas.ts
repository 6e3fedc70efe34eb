const text = { type: 'string' } as const;
const nullableText = { type: 'string', nullable: true } as const;
const uuid = { type: 'string', format: 'uuid', nullable: true } as const;

/** What answers about floating IPs are made of. */
export const floatingIpSchemas = {
  FloatingIp: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      ip: { ...text, example: '203.0.113.1' },
      pool: text,
      fixed_ip: nullableText,
      instance_id: uuid,
    },
  },
  FloatingIpPool: { type: 'object', properties: { name: text } },
  FloatingIpInfo: {
    type: 'object',
    properties: {
      address: { ...text, example: '203.0.113.1' },
      pool: text,
      interface: { ...nullableText, description: 'Null: the `public_interface` of whichever host.' },
      project_id: { ...nullableText, description: 'Null: it is free.' },
      instance_uuid: uuid,
      fixed_ip: nullableText,
    },
  },
  FloatingIpsBulkCreated: {
    type: 'object',
    properties: { ip_range: text, pool: text, interface: nullableText, count: { type: 'integer' } },
  },
} as const;
