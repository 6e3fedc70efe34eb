/** nova's envelope of an object on the wire; `nova_object.changes` is absent when nothing is dirty. */
export interface VersionedObject<Data> {
  readonly 'nova_object.name': string;
  readonly 'nova_object.namespace': 'nova';
  readonly 'nova_object.version': string;
  readonly 'nova_object.data': Data;
}

export function versionedObject<Data>(name: string, version: string, data: Data): VersionedObject<Data> {
  return {
    'nova_object.name': name,
    'nova_object.namespace': 'nova',
    'nova_object.version': version,
    'nova_object.data': data,
  };
}

/**
 * Replaces every versioned object, at any depth, by its plain data; lists of objects (`{objects: […]}`) become arrays.
 * The version is not looked at: known fields are read by name, the rest is ignored.
 */
export function unwrapObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapObjects);
  if (!isRecord(value)) return value;
  const data = value['nova_object.data'];
  if (typeof value['nova_object.name'] === 'string' && isRecord(data)) {
    const isList = value['nova_object.name'].endsWith('List') && Array.isArray(data['objects']);
    return unwrapObjects(isList ? data['objects'] : data);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapObjects(inner)]));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
