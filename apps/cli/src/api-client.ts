import { isDiagnosis, isMended, type Diagnosis, type Mended, type Patient } from './doctor/diagnosis.js';
import { CliFailure } from './cli-failure.error.js';
import {
  describeFault,
  describeForeignAnswer,
  describeNoAnswer,
  isRecord,
  type WaysOut,
} from './api-answers.js';

/** What the API says of a network: nova's field names, in nova's order. */
export type ApiNetwork = Readonly<Record<string, string | number | boolean | null>> & {
  readonly id: string;
  readonly label: string;
};

export interface ApiService {
  readonly host: string;
  readonly binary: string;
  readonly state: 'up' | 'down';
  readonly last_seen_at: string;
}

// The API itself waits up to a minute for a worker.
const answerTimeoutMs = 90_000;

const TOKEN_WAY_OUT: WaysOut = {
  401: 'set NOVANET_TOKEN to one that is good (from Keystone: openstack token issue -f value -c id)',
};

const DOCTOR_WAYS_OUT: WaysOut = {
  404: 'novanet service list and novanet network list show what there is',
  409: 'say which one by its uuid',
};

/** The network API as this program needs it. Every method throws CliFailure. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  async networks(): Promise<ApiNetwork[]> {
    return this.list('/v2.1/os-networks', 'networks', isNetwork);
  }

  async services(): Promise<ApiService[]> {
    return this.list('/v1/services', 'services', isService);
  }

  async createNetwork(network: object): Promise<ApiNetwork> {
    const path = '/v2.1/os-networks';
    const answer = await this.request(
      'POST',
      path,
      { network },
      {
        400: 'see novanet network create --help',
        409: 'novanet network list shows what exists',
      },
    );
    if (isRecord(answer) && isNetwork(answer['network'])) return answer['network'];
    throw describeForeignAnswer(this.baseUrl + path, 200, 'no network in it');
  }

  async deleteNetwork(uuid: string): Promise<void> {
    await this.request('DELETE', `/v2.1/os-networks/${encodeURIComponent(uuid)}`, undefined, {
      409: 'delete the instances that hold its addresses first',
    });
  }

  /** What is wrong with the cloud, or with what is asked for. */
  async examine(patient: Patient): Promise<Diagnosis> {
    const query = new URLSearchParams(Object.entries(patient)).toString();
    const path = `/v2.1/os-novanet-doctor${query && `?${query}`}`;
    const answer = await this.request('GET', path, undefined, DOCTOR_WAYS_OUT);
    if (isDiagnosis(answer)) return answer;
    throw describeForeignAnswer(this.baseUrl + path, 200, 'no findings in it');
  }

  /** Mends what is safe to mend; answers what was. */
  async mend(patient: Patient): Promise<readonly Mended[]> {
    const path = '/v2.1/os-novanet-doctor/fix';
    const answer = await this.request('POST', path, { fix: patient }, DOCTOR_WAYS_OUT);
    const mended = isRecord(answer) ? answer['mended'] : undefined;
    if (Array.isArray(mended) && mended.every(isMended)) return mended;
    throw describeForeignAnswer(this.baseUrl + path, 200, 'nothing mended in it');
  }

  private async list<T>(path: string, key: string, isItem: (item: unknown) => item is T): Promise<T[]> {
    const answer = await this.request('GET', path, undefined, {});
    const items = isRecord(answer) ? answer[key] : undefined;
    if (Array.isArray(items) && items.every(isItem)) return items;
    throw describeForeignAnswer(this.baseUrl + path, 200, `no ${key} in it`);
  }

  private async request(method: string, path: string, body: unknown, waysOut: WaysOut): Promise<unknown> {
    const url = this.baseUrl + path;
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        'x-auth-token': this.token,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(answerTimeoutMs),
    }).catch((error: unknown) => {
      throw describeNoAnswer(this.baseUrl, error);
    });
    const text = await response.text().catch((error: unknown) => {
      throw describeNoAnswer(this.baseUrl, error);
    });
    const answer = parseJson(text);
    if (!response.ok) throw describeFault(url, response.status, answer, { ...TOKEN_WAY_OUT, ...waysOut });
    if (text !== '' && answer === undefined) throw describeForeignAnswer(url, response.status, 'no JSON');
    return answer;
  }
}

/** The address without a slash at its end. Throws CliFailure. */
export function parseApiUrl(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    const example = 'http://127.0.0.1:8774';
    throw new CliFailure(
      'usage',
      `"${text}" is not the address of an API: --api-url takes one like ${example}.`,
    );
  }
  return text.replace(/\/+$/, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNetwork(value: unknown): value is ApiNetwork {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['label'] === 'string';
}

function isService(value: unknown): value is ApiService {
  return isRecord(value) && typeof value['host'] === 'string' && typeof value['binary'] === 'string';
}
