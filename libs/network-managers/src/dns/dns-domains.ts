import type {
  CreatePrivateDnsDomainArguments,
  CreatePublicDnsDomainArguments,
  DnsDomainArguments,
} from '@novanet/contracts';
import {
  AdminRequired,
  FloatingIpDNSExists,
  NotFound,
  parseDomainName,
  tryParseDomainName,
  type DnsDomain,
  type DnsDomainDirectory,
} from '@novanet/ipam';
import { isVisible, type Caller } from '../caller.js';
import { textArgument } from '../networks/argument-values.js';
import { publish, type DnsDrivers, type DnsWarning } from './dns-drivers.js';

/** As wide as its column. */
const LONGEST_TEXT = 255;

/**
 * The DNS domains of the cloud. Creating and deleting them is for administrators, as nova-api's policy has it, and as
 * nova's database layer had it once: whoever could register `google.com` would answer for it to every instance.
 */
export class DnsDomains {
  constructor(
    private readonly domains: DnsDomainDirectory,
    private readonly drivers: DnsDrivers,
    private readonly warn: DnsWarning,
  ) {}

  /** Those that their driver knows; to a user, without the domains of other projects. */
  async list(caller: Caller): Promise<DnsDomain[]> {
    const registered = await this.domains.list();
    const known = {
      private: new Set(await this.drivers.private.getDomains()),
      public: new Set(await this.drivers.public.getDomains()),
    };
    return registered.filter((registration) => {
      const { domain, scope } = registration;
      const isKnown = known[scope].has(domain);
      if (!isKnown) this.warn({ domain, scope }, 'dns domain is registered but unknown to its driver');
      return isKnown && (scope === 'private' || isVisible(registration, caller));
    });
  }

  /** Repeatable. Throws AdminRequired, InvalidInput, FloatingIpDNSExists (a public domain of that name). */
  createPrivate(args: CreatePrivateDnsDomainArguments, caller: Caller): Promise<void> {
    return this.create(caller, () => ({
      domain: parseDomainName(args.domain),
      scope: 'private',
      availabilityZone: textArgument('av_zone', args.av_zone, LONGEST_TEXT) ?? null,
    }));
  }

  /** Repeatable. Throws AdminRequired, InvalidInput, FloatingIpDNSExists (a private domain of that name). */
  createPublic(args: CreatePublicDnsDomainArguments, caller: Caller): Promise<void> {
    return this.create(caller, () => ({
      domain: parseDomainName(args.domain),
      scope: 'public',
      projectId: textArgument('project', args.project, LONGEST_TEXT) ?? null,
    }));
  }

  /**
   * With all records, by the driver of the domain's scope: nova asks the floating IPs' driver always. Throws
   * AdminRequired, NotFound.
   */
  async delete(args: DnsDomainArguments, caller: Caller, requestId: string): Promise<void> {
    if (!caller.isAdmin) throw new AdminRequired();
    const domain = tryParseDomainName(args.domain);
    if (domain === undefined) throw new NotFound('A DNS domain of that name');
    const scope = await this.domains.unregister(domain, requestId);
    if (scope === undefined) return;
    await this.drivers[scope].deleteDomain(domain);
    await publish(this.drivers[scope], this.warn);
  }

  private async create(caller: Caller, read: () => DnsDomain): Promise<void> {
    if (!caller.isAdmin) throw new AdminRequired();
    const registration = read();
    if (await this.domains.register(registration)) {
      this.warn({ ...registration }, 'dns domain existed: it has a new zone or project');
    }
    try {
      await this.drivers[registration.scope].createDomain(registration.domain);
    } catch (error) {
      if (!(error instanceof FloatingIpDNSExists)) throw error;
    }
  }
}
