import { Controller } from '@nestjs/common';
import {
  AddDnsEntryArguments,
  CreatePrivateDnsDomainArguments,
  CreatePublicDnsDomainArguments,
  DnsDomainArguments,
  dnsDomainDict,
  DnsEntriesByAddressArguments,
  DnsNameArguments,
  ModifyDnsEntryArguments,
  NoArguments,
  type DnsDomainDict,
} from '@novanet/contracts';
import type { RpcContext } from '@novanet/messaging';
import { DnsDomains, DnsEntries } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** The methods about DNS. nova's FlatManager has none of them. */
@Controller()
export class DnsRpc {
  constructor(
    private readonly domains: DnsDomains,
    private readonly entries: DnsEntries,
  ) {}

  @Rpc('get_dns_domains', {
    since: '1.0',
    takes: NoArguments,
    answers: 'a list of domains: domain, scope, and availability_zone (private) or project (public)',
    about: 'The registered DNS domains that the caller may see.',
  })
  async getDnsDomains(_args: NoArguments, context: RpcContext): Promise<DnsDomainDict[]> {
    return (await this.domains.list(context)).map(dnsDomainDict);
  }

  @Rpc('create_private_dns_domain', {
    since: '1.0',
    takes: CreatePrivateDnsDomainArguments,
    answers: null,
    raises: ['AdminRequired', 'InvalidInput', 'FloatingIpDNSExists'],
    about: "Registers a domain for instances' names, or changes its availability zone.",
  })
  async createPrivateDnsDomain(args: CreatePrivateDnsDomainArguments, context: RpcContext): Promise<null> {
    await this.domains.createPrivate(args, context);
    return null;
  }

  @Rpc('create_public_dns_domain', {
    since: '1.0',
    takes: CreatePublicDnsDomainArguments,
    answers: null,
    raises: ['AdminRequired', 'InvalidInput', 'FloatingIpDNSExists'],
    about: 'Registers a domain for names of floating IPs, or changes its project.',
  })
  async createPublicDnsDomain(args: CreatePublicDnsDomainArguments, context: RpcContext): Promise<null> {
    await this.domains.createPublic(args, context);
    return null;
  }

  @Rpc('delete_dns_domain', {
    since: '1.0',
    takes: DnsDomainArguments,
    answers: null,
    raises: ['AdminRequired', 'NotFound'],
    about: 'Deletes a domain and every name in it.',
  })
  async deleteDnsDomain(args: DnsDomainArguments, context: RpcContext): Promise<null> {
    await this.domains.delete(args, context, context.uniqueId);
    return null;
  }

  @Rpc('add_dns_entry', {
    since: '1.0',
    takes: AddDnsEntryArguments,
    answers: null,
    raises: ['InvalidInput', 'Forbidden', 'FloatingIpDNSExists', 'NotFound'],
    about: 'Gives an address a name.',
  })
  async addDnsEntry(args: AddDnsEntryArguments, context: RpcContext): Promise<null> {
    await this.entries.add(args, context, context.uniqueId);
    return null;
  }

  @Rpc('modify_dns_entry', {
    since: '1.0',
    takes: ModifyDnsEntryArguments,
    answers: null,
    raises: ['InvalidInput', 'Forbidden', 'NotFound'],
    about: 'Gives a name another address.',
  })
  async modifyDnsEntry(args: ModifyDnsEntryArguments, context: RpcContext): Promise<null> {
    await this.entries.modify(args, context, context.uniqueId);
    return null;
  }

  @Rpc('delete_dns_entry', {
    since: '1.0',
    takes: DnsNameArguments,
    answers: null,
    raises: ['Forbidden', 'NotFound'],
    about: 'Removes a name.',
  })
  async deleteDnsEntry(args: DnsNameArguments, context: RpcContext): Promise<null> {
    await this.entries.delete(args, context, context.uniqueId);
    return null;
  }

  @Rpc('get_dns_entries_by_address', {
    since: '1.0',
    takes: DnsEntriesByAddressArguments,
    answers: 'a list of names, without the domain',
    raises: ['Forbidden'],
    about: 'The names of an address in a domain.',
  })
  getDnsEntriesByAddress(
    args: DnsEntriesByAddressArguments,
    context: RpcContext,
  ): Promise<readonly string[]> {
    return this.entries.namesOf(args, context);
  }

  @Rpc('get_dns_entries_by_name', {
    since: '1.0',
    takes: DnsNameArguments,
    answers: 'a list of addresses',
    raises: ['Forbidden'],
    about: 'The addresses of a name in a domain.',
  })
  async getDnsEntriesByName(args: DnsNameArguments, context: RpcContext): Promise<string[]> {
    const addresses = await this.entries.addressesOf(args, context);
    return addresses.map((address) => address.toString());
  }
}
