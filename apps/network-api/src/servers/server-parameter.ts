/** `{sid}` in the description of the API. */
export const serverParameter = { name: 'sid', schema: { type: 'string', format: 'uuid' } } as const;
