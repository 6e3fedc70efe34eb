import {
  describeFault,
  describeForeignAnswer,
  describeNoAnswer,
  isRecord,
  type Fields,
  type WaysOut,
} from './api-answers.js';
import { sendRequest, type ApiDoor } from './send-request.js';

const TOKEN_WAY_OUT: WaysOut = {
  401: 'set NOVANET_TOKEN to one that is good (from Keystone: openstack token issue -f value -c id)',
};

/** The network API. What can be asked of it stands with each subject. Every method throws CliFailure. */
export class ApiClient {
  private door: Promise<ApiDoor> | undefined;

  /**
   * @param open finds the API when it is asked first
   * @param meanwhile keeps the operator company
   */
  constructor(
    private readonly open: () => Promise<ApiDoor>,
    private readonly meanwhile: <T>(work: Promise<T>) => Promise<T> = (work) => work,
  ) {}

  get(path: string, waysOut?: WaysOut): Promise<ApiAnswer> {
    return this.ask('GET', path, undefined, waysOut);
  }

  post(path: string, body: unknown, waysOut?: WaysOut): Promise<ApiAnswer> {
    return this.ask('POST', path, body, waysOut);
  }

  put(path: string, body: unknown, waysOut?: WaysOut): Promise<ApiAnswer> {
    return this.ask('PUT', path, body, waysOut);
  }

  delete(path: string, waysOut?: WaysOut): Promise<ApiAnswer> {
    return this.ask('DELETE', path, undefined, waysOut);
  }

  private async ask(method: string, path: string, body: unknown, waysOut: WaysOut = {}): Promise<ApiAnswer> {
    this.door ??= this.open();
    const door = await this.door;
    const url = door.url + path;
    const asked = sendRequest(door, method, path, body).catch((error: unknown) => {
      throw describeNoAnswer(door.url, error);
    });
    const { status, text } = await this.meanwhile(asked);
    const answer = parseJson(text);
    if (status < 200 || status > 299)
      throw describeFault(url, status, answer, { ...TOKEN_WAY_OUT, ...waysOut });
    if (text !== '' && answer === undefined) throw describeForeignAnswer(url, status, 'no JSON');
    return new ApiAnswer(url, status, answer);
  }
}

/** What the API said to a request that it carried out. */
export class ApiAnswer {
  constructor(
    private readonly url: string,
    private readonly status: number,
    /** Undefined: nothing. */
    private readonly body: unknown,
  ) {}

  /** Throws CliFailure. */
  one<T>(key: string, isItem: (item: unknown) => item is T): T {
    const item = this.member(key);
    if (isItem(item)) return item;
    throw describeForeignAnswer(this.url, this.status, `no ${key} in it`);
  }

  /** Throws CliFailure. */
  list<T>(key: string, isItem: (item: unknown) => item is T): T[] {
    const items = this.member(key);
    if (Array.isArray(items) && items.every(isItem)) return items;
    throw describeForeignAnswer(this.url, this.status, `no ${key} in it`);
  }

  has(key: string): boolean {
    return this.member(key) !== undefined;
  }

  private member(key: string): unknown {
    return isRecord(this.body) ? this.body[key] : undefined;
  }
}

/** A text of the operator's as part of a path. */
export function pathPart(text: string): string {
  return encodeURIComponent(text);
}

/** What stands behind the question mark; what is undefined is left out. */
export function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value ? [[name, value] satisfies [string, string]] : [],
  );
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}

/** A thing whose fields of these names are texts. */
export function hasTexts<K extends string>(
  ...names: readonly K[]
): (item: unknown) => item is Fields & Readonly<Record<K, string>> {
  return (item): item is Fields & Readonly<Record<K, string>> =>
    isRecord(item) && names.every((name) => typeof item[name] === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
