import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { routes } from '../testing/api-description.js';
import { anyRequest, type GeneratedRequest } from '../testing/generated/requests.js';
import { Stock } from '../testing/generated/stock.js';
import { TestApi, type Answer } from '../testing/test-api.js';

const { GENERATED_REQUESTS: wantedRequests, GENERATED_SEED: wantedSeed } = process.env;
const REQUESTS = Number(wantedRequests ?? 1500);
/** The usual run is the same each time; who asks for more looks for what is new. */
const SEED = Number(wantedSeed ?? (wantedRequests === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)));
/** So many requests go to what is in the cloud at their beginning. */
const ROUND = 50;

let api: TestApi;
let stock: Stock;
beforeAll(async () => {
  api = await TestApi.create(
    { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') },
    { floating_ip_dns_manager: 'dnsmasq', instance_dns_manager: 'dnsmasq', report_interval: '1' },
  );
  stock = new Stock(api);
}, 60_000);
afterAll(() => api?.remove());

/** What is clear without naming a member. */
const CLEAR = [
  /^Security group not specified$/,
  /^Security group id should be integer$/,
  /^The request body can't be empty$/,
  /one action is expected, not none$/,
  // The request without the mistake made it.
  / already exists/,
];

/** nova's own words have a member of several words without the lines between them. */
const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** A generated request with things of the cloud in it. */
class Sent {
  private readonly target: string;
  readonly body: string | undefined;

  constructor(private readonly request: GeneratedRequest) {
    const path = request.path.map((part) => encodeURIComponent(stock.fill(part).toWellFormed())).join('/');
    const query = new URLSearchParams();
    for (const [name, value] of request.query) query.append(name, stock.fill(value));
    this.target = query.size > 0 ? `${path}?${query.toString()}` : path;
    this.body = request.body && stock.fill(request.body.text);
  }

  async ask(body = this.body): Promise<Answer> {
    const { route, token, microversion } = this.request;
    const headers: Record<string, string> = microversion
      ? { 'x-openstack-nova-api-version': microversion }
      : {};
    const answer = await api.ask(route.method, this.target, body, { token, headers });
    // The one worker that there is may be disabled now, or forgotten.
    if (answer.status < 300 && route.method !== 'GET' && /-(services|hosts)\//.test(route.path))
      await stock.refill();
    return answer;
  }

  toString(): string {
    const { route, token, microversion } = this.request;
    return [route.method, this.target, token, microversion, this.body].join(' ').slice(0, 2000);
  }
}

async function problemWith(request: GeneratedRequest): Promise<string | undefined> {
  const sent = new Sent(request);
  const wrong = request.body?.wrong;
  try {
    // Whether it is wrong because of that member is known only if it is right without.
    const intact = wrong && (await sent.ask(stock.fill(wrong.intact)));
    const answer = await sent.ask();
    const problem = problemOf(answer, intact && intact.status !== 400 ? wrong?.member : undefined);
    return problem && `${problem}: ${sent.toString()}\n  ${answer.status} ${JSON.stringify(answer.body)}`;
  } catch (error) {
    return `${String(error)}: ${sent.toString()}`;
  }
}

/** What is wrong with the answer. @param member the one that the request has wrong */
function problemOf({ status, body }: Answer, member: string | undefined): string | undefined {
  if (status >= 500 && status !== 501) return 'it failed';
  if (status !== 400) return undefined;
  const message = String(body.error.message);
  if (message.trim() === '') return 'it does not say what is wrong';
  if (member === undefined || CLEAR.some((words) => words.test(message))) return undefined;
  return plain(message).includes(plain(member)) ? undefined : `it does not name ${member}`;
}

const get = async (path: string) => {
  const { status, body } = await api.ask('GET', path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return body;
};

async function expectWorkingCloud(): Promise<void> {
  for (const { method, path } of routes) {
    const isList = method === 'GET' && !path.includes('{') && path !== '/metrics';
    if (isList) await get(path);
  }
  const { networks } = await get('/v2.1/os-networks');
  for (const { id } of networks) {
    for (const { size, allocated, draining, reserved, free } of (await get(`/v2.1/os-networks/${id}/usage`))
      .subnets) {
      expect(size === null ? null : allocated + draining + reserved + free).toBe(size);
    }
  }
  for (const { fixed_ip: address, instance_uuid: uuid } of (await get('/v2.1/os-floating-ips-bulk'))
    .floating_ip_info) {
    if (uuid === null) continue;
    const { addresses } = await get(`/v1/instances/${uuid}`);
    expect(addresses).toContainEqual(expect.objectContaining({ address }));
  }
  const network = { label: 'afterwards', cidr: '10.250.0.0/24', bridge: 'br250' };
  const { id } = (await api.ask('POST', '/v2.1/os-networks', { network })).body.network;
  expect((await api.ask('DELETE', `/v2.1/os-networks/${id}`)).status).toBe(202);
}

it(
  'whatever is asked, the answer is as described, names what is wrong, and leaves a cloud that works',
  { timeout: 120_000 + REQUESTS * 100 },
  async () => {
    console.log(`GENERATED_SEED=${SEED} GENERATED_REQUESTS=${REQUESTS}`);
    const problems: string[] = [];
    for (let sent = 0; sent < REQUESTS; sent += ROUND) {
      await stock.refill();
      for (const request of fc.sample(anyRequest, {
        seed: SEED + sent,
        numRuns: Math.min(ROUND, REQUESTS - sent),
      })) {
        const problem = await problemWith(request);
        if (problem) problems.push(problem);
      }
    }
    expect(problems.slice(0, 20)).toEqual([]);
    await stock.refill();
    await expectWorkingCloud();
  },
);
