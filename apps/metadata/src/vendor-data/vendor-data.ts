import { readFileSync } from 'node:fs';
import type { Settings } from '@novanet/config';
import type { Instance } from '@novanet/ipam';
import { ServiceToken } from '@novanet/keystone';
import type { Logger } from '@novanet/observability';
import type { Json } from '../tree/python-json.js';
import { DynamicVendorData, type Target } from './dynamic-vendor-data.js';
import { StaticVendorData } from './static-vendor-data.js';

/** So long what a target said of an instance is repeated: cloud-init asks once a boot, others each minute. */
const MEMORY_MS = 60_000;

/** What the operator has to say to instances (`vendordata_providers`). */
export class VendorData {
  private readonly file: StaticVendorData | undefined;
  private readonly targets: DynamicVendorData | undefined;
  private readonly isFileFirst: boolean;

  constructor(
    settings: Settings,
    private readonly log: Logger,
  ) {
    const { vendordataProviders: providers, vendordataDynamicSslCertfile } = settings;
    if (providers.includes('StaticJSON')) {
      this.file = new StaticVendorData(settings.vendordataJsonfilePath, log);
    }
    this.isFileFirst = providers[0] === 'StaticJSON';
    if (!providers.includes('DynamicJSON')) return;
    const seconds = settings.vendordataDynamicConnectTimeout + settings.vendordataDynamicReadTimeout;
    const options = {
      targets: this.firstOfEachName(settings.vendordataDynamicTargets),
      isFailureFatal: settings.vendordataDynamicFailureFatal,
      memoryMs: MEMORY_MS,
      timeoutMs: seconds * 1000,
      ca: certificates(vendordataDynamicSslCertfile),
      serviceToken: serviceTokenOf(settings, seconds),
    };
    this.targets = new DynamicVendorData(options, log);
  }

  /** vendor_data.json; undefined: there is none. */
  forAll(): Json | undefined {
    return this.file?.read();
  }

  /** vendor_data2.json, in the order of the providers. Throws Error when a target fails and that is fatal. */
  async of(instance: Instance, hostname: string): Promise<Json> {
    const own = this.file ? { static: this.file.read() } : {};
    const said = (await this.targets?.of(instance, hostname)) ?? {};
    if ('static' in own && 'static' in said)
      this.log.warn('a target of vendor data is called static, like the file: what comes first is told');
    const [first, second] = this.isFileFirst ? [own, said] : [said, own];
    return { ...first, ...second, ...first };
  }

  private firstOfEachName(targets: readonly Target[]): readonly Target[] {
    const isFirst = ({ name }: Target, index: number) =>
      targets.findIndex((one) => one.name === name) === index;
    for (const { name } of targets.filter((target, index) => !isFirst(target, index))) {
      this.log.warn({ target: name }, 'two targets of vendor data have one name: the first is asked');
    }
    return targets.filter(isFirst);
  }
}

function serviceTokenOf(settings: Settings, targetSeconds: number): ServiceToken | undefined {
  const { vendordataAuthUrl: authUrl, vendordataAuthPassword: password } = settings;
  if (authUrl === null || password === null) return undefined;
  const user = {
    id: settings.vendordataAuthUserId,
    name: settings.vendordataAuthUsername,
    domain: { id: settings.vendordataAuthUserDomainId, name: settings.vendordataAuthUserDomainName },
  };
  const project = {
    id: settings.vendordataAuthProjectId,
    name: settings.vendordataAuthProjectName,
    domain: { id: settings.vendordataAuthProjectDomainId, name: settings.vendordataAuthProjectDomainName },
  };
  const limits = {
    timeoutMs: (settings.vendordataAuthTimeout ?? targetSeconds) * 1000,
    ca: certificates(settings.vendordataAuthCafile),
    isInsecure: settings.vendordataAuthInsecure,
  };
  return new ServiceToken({ authUrl, user, password, project }, limits);
}

function certificates(path: string | null): string | undefined {
  return path === null ? undefined : readFileSync(path, 'utf8');
}
