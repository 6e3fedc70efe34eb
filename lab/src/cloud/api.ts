import { LabError } from '../plan/lab-error.js';

export interface ApiNetwork {
  readonly id: string;
  readonly label: string;
}

/** What a compute service tells of an instance: the body of PUT /v1/instances/UUID. */
export interface Registration {
  readonly project_id: string;
  readonly user_id: string;
  readonly host: string;
  readonly display_name: string;
  readonly hostname: string;
  readonly instance_type: string;
  readonly availability_zone: string;
  readonly security_groups: readonly string[];
  readonly key_name?: string;
  readonly public_key?: string;
  /** Base64. */
  readonly user_data?: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** Longer than the API waits for a worker, so that its own answer is heard. */
const limitMs = 70_000;

/** The cloud's REST interface, as far as the lab needs it. Every method throws LabError. */
export class CloudApi {
  constructor(private readonly url: string) {}

  async networks(): Promise<ApiNetwork[]> {
    const answer = await this.request('GET', '/v2.1/os-networks');
    if (isObject(answer) && 'networks' in answer && Array.isArray(answer.networks)) {
      const networks: unknown[] = answer.networks;
      return networks.filter(isNetwork);
    }
    throw new LabError(`the API at ${this.url} lists no networks: is it a network API?`);
  }

  async createNetwork(network: Readonly<Record<string, unknown>>): Promise<void> {
    await this.request('POST', '/v2.1/os-networks', { network });
  }

  async putInstance(uuid: string, registration: Registration): Promise<void> {
    await this.request('PUT', `/v1/instances/${uuid}`, registration);
  }

  async deleteInstance(uuid: string): Promise<void> {
    await this.request('DELETE', `/v1/instances/${uuid}`);
  }

  private async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const request = {
      method,
      signal: AbortSignal.timeout(limitMs),
      headers: { 'content-type': 'application/json', 'x-auth-token': 'admin:admin' },
    };
    const sent = body === undefined ? request : { ...request, body: JSON.stringify(body) };
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${this.url}${path}`, sent);
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw new LabError(`the API at ${this.url} does not answer: is it running? (npm run lab -- status)`, {
        cause: error,
      });
    }
    if (status >= 400)
      throw new LabError(`the API refused ${method} ${path} with ${status}: ${faultOf(text)}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** OpenStack's faults are { "badRequest": { "code": 400, "message": "…" } }. */
function faultOf(text: string): string {
  try {
    const [fault]: unknown[] = Object.values(JSON.parse(text));
    if (typeof fault === 'object' && fault && 'message' in fault) return String(fault.message);
  } catch {
    // Not JSON: shown as it is.
  }
  return text;
}

function isNetwork(value: unknown): value is ApiNetwork {
  return isObject(value) && 'id' in value && 'label' in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
