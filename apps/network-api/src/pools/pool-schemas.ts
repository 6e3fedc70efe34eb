const count = { type: 'integer', minimum: 0 } as const;
const range = { type: 'string', example: '203.0.113.0/28' } as const;
const required: string[] = ['range'];

/** What requests and answers about pools are made of. */
export const poolSchemas = {
  Pool: {
    type: 'object',
    properties: {
      name: { type: 'string', example: 'nova' },
      total: count,
      free: { ...count, description: 'Also those that rest.' },
      allocated: count,
      associated: { ...count, description: 'Of the allocated ones.' },
    },
  },
  PoolAction: {
    type: 'object',
    properties: {
      grow: {
        type: 'object',
        properties: {
          range,
          interface: {
            type: 'string',
            nullable: true,
            description: 'Default: the `public_interface` of whichever host.',
          },
        },
        required,
      },
      shrink: {
        type: 'object',
        properties: {
          range,
          force: { type: 'boolean', description: 'Also those that a project holds.' },
        },
        required,
      },
    },
    minProperties: 1,
    maxProperties: 1,
  },
} as const;
