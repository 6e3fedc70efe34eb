import type { Instance } from '@novanet/ipam';
import { askJson, BadAnswer, Unauthorized, type AskLimits, type ServiceToken } from '@novanet/keystone';
import type { Logger } from '@novanet/observability';
import type { Json } from '../tree/python-json.js';

/** Somebody who is asked for vendor data. */
export interface Target {
  readonly name: string;
  readonly url: string;
}

export interface DynamicOptions extends AskLimits {
  readonly targets: readonly Target[];
  /** A target that fails fails the whole file (`vendordata_dynamic_failure_fatal`). */
  readonly isFailureFatal: boolean;
  /** So long what was said is repeated. */
  readonly memoryMs: number;
  /** What is shown to targets; undefined: nothing. */
  readonly serviceToken: Pick<ServiceToken, 'value' | 'forget'> | undefined;
}

/** A target that cannot be reached is left alone for this time: each instance that boots would wait for it. */
const REST_MS = 10_000;

const MOST_REMEMBERED = 10_000;

interface Remembered {
  readonly until: number;
  readonly content: Promise<Json>;
}

/** What services of the operator say of an instance (`vendordata_dynamic_targets`): all are asked at once, and not each time. */
export class DynamicVendorData {
  private readonly remembered = new Map<string, Remembered>();
  private readonly restingUntil = new Map<string, number>();

  constructor(
    private readonly options: DynamicOptions,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** By name of the target. Throws Error when one fails and that is fatal. */
  async of(instance: Instance, hostname: string): Promise<Readonly<Record<string, Json>>> {
    const body = questionOf(instance, hostname);
    const asked = this.options.targets.map(
      async (target) => [target.name, await this.answerOf(target, instance.uuid, body)] as const,
    );
    return Object.fromEntries(await Promise.all(asked));
  }

  private async answerOf(target: Target, uuid: string, body: Json): Promise<Json> {
    try {
      return await this.ask(target, uuid, body);
    } catch (error) {
      if (this.options.isFailureFatal) throw error;
      return {};
    }
  }

  private ask(target: Target, uuid: string, body: Json): Promise<Json> {
    const key = `${target.name} ${uuid}`;
    const known = this.remembered.get(key);
    if (known && known.until > performance.now()) return known.content;
    const content = this.askNow(target, body);
    const [oldest] = this.remembered.keys();
    if (this.remembered.size >= MOST_REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
    const remembered = { until: performance.now() + this.options.memoryMs, content };
    this.remembered.set(key, remembered);
    // Nobody is told of a failure again that may be over.
    content.catch(() => {
      if (this.remembered.get(key) === remembered) this.remembered.delete(key);
    });
    return content;
  }

  private async askNow({ name, url }: Target, body: Json): Promise<Json> {
    if ((this.restingUntil.get(name) ?? 0) > performance.now()) throw new Error('it failed a moment ago');
    try {
      return await this.post(url, body);
    } catch (error) {
      // What it says of one instance is no reason to ask it of no other; a 401 is said of us.
      const isOfInstance = error instanceof BadAnswer && !(error instanceof Unauthorized);
      if (!isOfInstance) this.restingUntil.set(name, performance.now() + REST_MS);
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn({ target: name, reason }, 'a target of vendor data failed');
      throw error;
    }
  }

  /** A token that is not accepted, though its time is not over, is got anew once. */
  private async post(url: string, body: Json): Promise<Json> {
    const { serviceToken } = this.options;
    if (!serviceToken) return this.postWith({}, url, body);
    const shown = await serviceToken.value();
    try {
      return await this.postWith({ 'X-Auth-Token': shown }, url, body);
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      serviceToken.forget(shown);
      return this.postWith({ 'X-Auth-Token': await serviceToken.value() }, url, body);
    }
  }

  private async postWith(token: Readonly<Record<string, string>>, url: string, body: Json): Promise<Json> {
    const headers = { 'User-Agent': 'openstack-nova-vendordata', ...token };
    return (await askJson({ url, body, headers }, this.options)).content;
  }
}

/** nova's question. */
function questionOf(instance: Instance, hostname: string): Json {
  return {
    'project-id': instance.projectId,
    'instance-id': instance.uuid,
    'image-id': instance.amiId,
    'user-data': instance.userData,
    hostname,
    metadata: instance.meta,
    'boot-roles': '',
  };
}
