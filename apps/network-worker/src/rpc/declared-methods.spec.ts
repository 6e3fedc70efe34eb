import { describe, expect, it } from 'vitest';
import { declaredMethods } from './rpc.decorator.js';
import './rpc.module.js';

/** nova's network manager, interface version 1.17, and the version that brought each method. */
const ofNova: Readonly<Record<string, string>> = {
  create_networks: '1.0',
  delete_network: '1.0',
  allocate_for_instance: '1.0',
  deallocate_for_instance: '1.0',
  add_fixed_ip_to_instance: '1.0',
  remove_fixed_ip_from_instance: '1.0',
  add_network_to_project: '1.0',
  get_instance_nw_info: '1.0',
  validate_networks: '1.0',
  get_dns_domains: '1.0',
  add_dns_entry: '1.0',
  modify_dns_entry: '1.0',
  delete_dns_entry: '1.0',
  delete_dns_domain: '1.0',
  get_dns_entries_by_address: '1.0',
  get_dns_entries_by_name: '1.0',
  create_private_dns_domain: '1.0',
  create_public_dns_domain: '1.0',
  setup_networks_on_host: '1.0',
  set_network_host: '1.0',
  rpc_setup_network_on_host: '1.0',
  _rpc_allocate_fixed_ip: '1.0',
  deallocate_fixed_ip: '1.0',
  update_dns: '1.3',
  _associate_floating_ip: '1.0',
  _disassociate_floating_ip: '1.0',
  lease_fixed_ip: '1.0',
  release_fixed_ip: '1.0',
  migrate_instance_start: '1.1',
  migrate_instance_finish: '1.1',
  release_dhcp: '1.17',
};

/** No client of the last releases sends these; those of the first ones do. */
const ofEarlierReleases: Readonly<Record<string, string>> = {
  get_backdoor_port: '1.4',
  get_all_networks: '1.0',
  get_network: '1.0',
  disassociate_network: '1.0',
  associate: '1.5',
  get_fixed_ip: '1.0',
  get_fixed_ip_by_address: '1.0',
  get_vifs_by_instance: '1.0',
  get_vif_by_mac_address: '1.0',
  get_instance_id_by_floating_address: '1.0',
  get_instance_uuids_by_ip_filter: '1.0',
  get_floating_ip: '1.0',
  get_floating_pools: '1.0',
  get_floating_ip_pools: '1.7',
  get_floating_ip_by_address: '1.0',
  get_floating_ips_by_project: '1.0',
  get_floating_ips_by_fixed_address: '1.0',
  allocate_floating_ip: '1.0',
  deallocate_floating_ip: '1.0',
  associate_floating_ip: '1.0',
  disassociate_floating_ip: '1.0',
  get_dhcp_leases: '1.0',
};

const ofEveryService: Readonly<Record<string, string>> = {
  'baseapi/ping': '1.0',
  'baseapi/get_backdoor_port': '1.1',
};

const declared = (isMeant: (namespace: string | undefined) => boolean) =>
  Object.fromEntries(
    [...declaredMethods].flatMap(([name, { namespace, since }]) =>
      isMeant(namespace) ? [[name, since]] : [],
    ),
  );

describe('the methods that can be called', () => {
  it("are nova's, current and earlier ones, each since its version, and no other", () => {
    expect(declared((namespace) => namespace === undefined)).toEqual({ ...ofNova, ...ofEarlierReleases });
  });

  it('are those of every service in its namespace', () => {
    expect(declared((namespace) => namespace === 'baseapi')).toEqual(ofEveryService);
  });

  it('are in our own namespace where nova has no such thing', () => {
    const namespaces = new Set([...declaredMethods.values()].map(({ namespace }) => namespace));
    expect(namespaces).toEqual(new Set([undefined, 'baseapi', 'novanet']));
    expect(new Set(Object.values(declared((namespace) => namespace === 'novanet')))).toEqual(
      new Set(['1.0']),
    );
  });

  it('wait for an answer, but those that all workers are told', () => {
    const casts = [...declaredMethods].flatMap(([name, { isCast }]) => (isCast ? [name] : []));
    expect(casts).toEqual(['update_dns', 'novanet/refresh_names', 'novanet/refresh_filters']);
  });
});
