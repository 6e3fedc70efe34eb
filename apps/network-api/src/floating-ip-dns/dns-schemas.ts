const text = { type: 'string' } as const;
const scopes: string[] = ['public', 'private'];
const nullableText = { type: 'string', nullable: true } as const;

/** What answers about DNS are made of. */
export const dnsSchemas = {
  DomainEntry: {
    type: 'object',
    properties: {
      domain: { ...text, example: 'example.org' },
      scope: { ...text, enum: scopes },
      project: { ...nullableText, description: 'Of a public one. Null: every project may use it.' },
      availability_zone: { ...nullableText, description: 'Of a private one. Null: for all zones.' },
    },
  },
  DnsEntry: {
    type: 'object',
    properties: { ip: text, name: text, type: nullableText, domain: text, id: nullableText },
  },
} as const;
