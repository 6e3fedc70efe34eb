import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

const UUID = '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11';
const network = { id: UUID, label: 'private', cidr: '10.0.0.0/24', vlan: null };
const NETWORKS = '/v2.1/os-networks';
const OURS = `/v2.1/os-novanet-networks/${UUID}`;

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
  api.answer(`GET ${NETWORKS}`, 200, { networks: [network] });
  api.answer(`POST ${NETWORKS}`, 200, { network });
});
afterEach(() => api.stop());

describe('novanet network create', () => {
  it.each([
    {
      release: 'Diablo and later, by place',
      line: 'network create private 192.168.0.0/24 1 256',
      request: { label: 'private', cidr: '192.168.0.0/24', num_networks: 1, network_size: 256 },
    },
    {
      release: 'Cactus',
      line: 'network create 10.0.0.0/8 3 16',
      request: { label: 'public', cidr: '10.0.0.0/8', num_networks: 3, network_size: 16 },
    },
    {
      release: 'Cactus, the range alone',
      line: 'network create 192.168.0.0/24 1 256',
      request: { label: 'public', cidr: '192.168.0.0/24', num_networks: 1, network_size: 256 },
    },
    {
      release: 'Cactus, all words',
      line: 'network create 10.0.0.0/8 3 16 100 1000 fd00::/48 net',
      request: {
        label: 'net',
        cidr: '10.0.0.0/8',
        num_networks: 3,
        network_size: 16,
        vlan_start: 100,
        vpn_start: 1000,
        cidr_v6: 'fd00::/48',
      },
    },
    {
      release: 'Cactus with a label of today',
      line: 'network create 10.0.0.0/24 --label mine',
      request: { label: 'mine', cidr: '10.0.0.0/24' },
    },
    {
      release: 'Diablo, all words',
      line: 'network create n 10.0.0.0/24 1 256 T 100 1000 fd00::/64 fd00::1 br100 eth1 8.8.4.4 8.8.8.8 p1',
      request: {
        label: 'n',
        cidr: '10.0.0.0/24',
        num_networks: 1,
        network_size: 256,
        multi_host: true,
        vlan_start: 100,
        vpn_start: 1000,
        cidr_v6: 'fd00::/64',
        gateway_v6: 'fd00::1',
        bridge: 'br100',
        bridge_interface: 'eth1',
        dns1: '8.8.4.4',
        dns2: '8.8.8.8',
        project_id: 'p1',
      },
    },
    {
      release: 'Essex, all words',
      line: 'network create n 10.0.0.0/24 1 256 F 100 1000 fd00::/64 10.0.0.1 fd00::1 br100',
      request: {
        label: 'n',
        cidr: '10.0.0.0/24',
        num_networks: 1,
        network_size: 256,
        multi_host: false,
        vlan_start: 100,
        vpn_start: 1000,
        cidr_v6: 'fd00::/64',
        gateway: '10.0.0.1',
        gateway_v6: 'fd00::1',
        bridge: 'br100',
      },
    },
    {
      release: 'Mitaka, all words',
      line:
        'network create n 10.0.0.0/24 1 256 T 120 100 1000 fd00::/64 10.0.0.1 fd00::1 br100 eth1 8.8.4.4 8.8.8.8 p1 1 ' +
        `${UUID} 10.0.0.128/25`,
      request: {
        label: 'n',
        cidr: '10.0.0.0/24',
        num_networks: 1,
        network_size: 256,
        multi_host: true,
        vlan: 120,
        vlan_start: 100,
        vpn_start: 1000,
        cidr_v6: 'fd00::/64',
        gateway: '10.0.0.1',
        gateway_v6: 'fd00::1',
        bridge: 'br100',
        bridge_interface: 'eth1',
        dns1: '8.8.4.4',
        dns2: '8.8.8.8',
        project_id: 'p1',
        priority: 1,
        uuid: UUID,
        fixed_cidr: '10.0.0.128/25',
      },
    },
    {
      release: 'Essex and later, by option',
      line: 'network create --label=example-net --fixed_range_v4=172.16.169.0/24 --vlan=169 --bridge=br169 --project_id=p1',
      request: {
        label: 'example-net',
        cidr: '172.16.169.0/24',
        vlan: 169,
        bridge: 'br169',
        project_id: 'p1',
      },
    },
    {
      release: 'options by their beginnings',
      line: 'net cr --lab x --fixed_range_v4 10.0.0.0/24 --project=p1 --multi_host T',
      request: { label: 'x', cidr: '10.0.0.0/24', project_id: 'p1', multi_host: true },
    },
    {
      release: 'the nova client',
      line: 'network create vmnet --fixed-range-v4 10.0.0.0/16 --fixed-cidr 10.0.20.0/24 --vpn 1000 --enable-dhcp F',
      request: {
        label: 'vmnet',
        cidr: '10.0.0.0/16',
        fixed_cidr: '10.0.20.0/24',
        vpn_start: 1000,
        enable_dhcp: false,
      },
    },
    {
      release: 'what only novanet had',
      line:
        'network create private --cidr 10.0.0.0/24 --cidr-v6 fd00::/64 --multi-host --allowed-start 10.0.0.10 ' +
        '--allowed-end 10.0.0.20 --mtu 1450 --dhcp-server 10.0.0.2 --share-address --project p1',
      request: {
        label: 'private',
        cidr: '10.0.0.0/24',
        cidr_v6: 'fd00::/64',
        multi_host: true,
        allowed_start: '10.0.0.10',
        allowed_end: '10.0.0.20',
        mtu: 1450,
        dhcp_server: '10.0.0.2',
        share_address: true,
        project_id: 'p1',
      },
    },
  ])('takes the words of $release', async ({ line, request }) => {
    expect((await api.type(line)).exitCode).toBe(0);
    expect(api.changes).toEqual([{ line: `POST ${NETWORKS}`, body: { network: request } }]);
  });

  it('passes over what is empty, as nova-manage did', async () => {
    await api.run(['network', 'create', 'x', '10.0.0.0/24', '', '--dns1', '', '--gateway=']);
    expect(api.changes.map(({ body }) => body)).toEqual([{ network: { label: 'x', cidr: '10.0.0.0/24' } }]);
  });

  it.each([
    { words: ['--multi_host', 'T'], isMultiHost: true },
    { words: ['--multi_host=True'], isMultiHost: true },
    { words: ['--multi-host=1'], isMultiHost: true },
    { words: ['--multi-host'], isMultiHost: true },
    { words: ['--multi_host', 'F'], isMultiHost: false },
    { words: ['--no-multi-host'], isMultiHost: false },
    { words: [], isMultiHost: undefined },
  ])('takes any word for yes and no: $words', async ({ words, isMultiHost }) => {
    await api.run(['network', 'create', ...words, 'private', '10.0.0.0/24']);
    const sent = api.changes[0]?.body as { network: { label: string; multi_host?: boolean } };
    expect([sent.network.label, sent.network.multi_host]).toEqual(['private', isMultiHost]);
  });

  it.each([
    {
      line: 'network create --num_networks=100 --fixed_range_v4=172.16.100.0/24',
      sentences: [
        'label is required to create a network: give one with --label.',
        '100 networks (the smallest takes 4 addresses) do not fit into 172.16.100.0/24, which has 256.',
      ],
    },
    {
      line: 'network create x 10.0.0.0/24 3 128',
      sentences: ['3 networks of 128 addresses do not fit into 10.0.0.0/24, which has 256.'],
    },
    {
      line: 'network create x',
      sentences: [
        'cidr or cidr_v6 is required to create a network: give one with --fixed-range-v4 or --fixed-range-v6.',
      ],
    },
    { line: 'network create x 10.0.0.0/24 two', sentences: ['num_networks must be an integer, not "two".'] },
    {
      line: 'network create x 10.0.0.0/24 1 big',
      sentences: ['network_size must be an integer, not "big".'],
    },
    {
      line: 'network create x --cidr 10.0.0.0/24 --vlan_start a',
      sentences: ['vlan_start must be an integer, not "a".'],
    },
    {
      line: 'network create x --cidr 10.0.0.0/24 --vpn a',
      sentences: ['vpn_start must be an integer, not "a".'],
    },
    {
      line: 'network create x --cidr 10.0.0.0/24 --vlan 4095',
      sentences: ['The vlan number cannot be greater than 4094.'],
    },
    {
      line: 'network create x --cidr 10.0.0.0',
      sentences: ['cidr: 10.0.0.0 is not a valid IP network, as 10.0.0.0/24 is.'],
    },
    {
      line: 'network create x 10.0.0.0/24 1 256 maybe',
      sentences: ['multi_host: "maybe" is neither yes nor no (T or F).'],
    },
    {
      line: 'network create x 10.0.0.0/24 --label y',
      sentences: ['label is given twice: "x" by its place, "y" by its option.'],
    },
  ])('explains what is wrong with $line', async ({ line, sentences }) => {
    expect(await api.type(line)).toEqual({
      exitCode: 2,
      out: '',
      complaints: sentences.map((sentence) => `novanet: ${sentence}`).join('\n'),
    });
    expect(api.requests).toEqual([]);
  });

  it('prints the network', async () => {
    expect(await api.type('network create private 10.0.0.0/24')).toEqual({
      exitCode: 0,
      complaints: '',
      out: [
        `id     ${UUID}`,
        'label  private',
        'cidr   10.0.0.0/24',
        'vlan   -', //
      ].join('\n'),
    });
  });

  it('prints all networks when there are several', async () => {
    const second = {
      ...network,
      id: '20c8acc0-f747-4d71-a389-46d078ebf047',
      label: 'private_1',
      cidr: '10.0.1.0/24',
    };
    api.answer(`POST ${NETWORKS}`, 200, { network, networks: [network, second] });
    const created = await api.type('network create private 10.0.0.0/23 2 256 --json');
    expect(JSON.parse(created.out)).toEqual([network, second]);
    expect((await api.type('network create private 10.0.0.0/23 2 256')).out.split('\n')).toHaveLength(3);
  });

  it('warns of the part of the range that no network has', async () => {
    expect((await api.type('network create private 10.0.0.0/16 1')).complaints).toBe(
      'novanet: warning: of the 65536 addresses of 10.0.0.0/16, 256 are taken: the rest belongs to no network ' +
        '(--num-networks, --network-size).',
    );
  });

  it('warns when the network is not on the VLAN that was asked for', async () => {
    const outcome = await api.type('network create private --cidr 10.0.0.0/24 --vlan 100');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.complaints).toBe(
      "novanet: warning: the network is not on VLAN 100; the workers' network manager decides that.",
    );
  });

  it('repeats the refusal of the API and says what to do', async () => {
    const message = 'Requested cidr (10.0.0.0/24) conflicts with existing cidr (10.0.0.0/8)';
    api.answer(`POST ${NETWORKS}`, 409, { conflictingRequest: { code: 409, message } });
    expect(await api.type('network create private --cidr 10.0.0.0/24')).toEqual({
      exitCode: 1,
      out: '',
      complaints: `novanet: ${message}; novanet network list shows what exists.`,
    });
  });
});

describe('novanet network list and show', () => {
  it("prints nova-manage's columns with ours between", async () => {
    const full = {
      ...network,
      dhcp_start: '10.0.0.3',
      dns1: '8.8.4.4',
      vlan: 100,
      bridge: 'br100',
      multi_host: false,
    };
    api.answer(`GET ${NETWORKS}`, 200, { networks: [full] });
    expect((await api.type('network list')).out).toBe(
      [
        'label    IPv4         IPv6  start address  DNS1     DNS2  VlanID  project  uuid                                  bridge  multi_host  host',
        `private  10.0.0.0/24  -     10.0.0.3       8.8.4.4  -     100     -        ${UUID}  br100   false       -`,
      ].join('\n'),
    );
  });

  it('says how to make one when there is none', async () => {
    api.answer(`GET ${NETWORKS}`, 200, { networks: [] });
    expect((await api.type('network list')).out).toBe(
      'There are no networks yet: novanet network create --help shows how to make one.',
    );
  });

  it('prints JSON and YAML wherever that is said', async () => {
    for (const line of ['--json network list', 'network list --json']) {
      expect(JSON.parse((await api.type(line)).out)).toEqual([network]);
    }
    expect((await api.type('network show private --yaml')).out).toBe(
      [`id: ${UUID}`, 'label: private', 'cidr: 10.0.0.0/24', 'vlan: null'].join('\n'),
    );
  });

  it.each(['private', UUID, '10.0.0.0/24'])('knows a network by %s', async (name) => {
    expect(JSON.parse((await api.type(`network show ${name} --json`)).out)).toEqual(network);
  });
});

describe('novanet network delete', () => {
  beforeEach(() => api.answer(`DELETE ${NETWORKS}/${UUID}`, 202));

  it.each([
    'network delete private --yes',
    'network delete 10.0.0.0/24 -y',
    '--yes network delete --fixed_range 10.0.0.0/24',
    'network delete --fixed_range=10.0.0.0/24 --yes',
    'network delete --network=10.0.0.0/24 --yes',
    `network delete --uuid=${UUID} --yes`,
    `network delete 192.0.2.0/24 ${UUID} --yes`,
    `network delete --fixed_range 192.0.2.0/24 --uuid ${UUID} --yes`,
  ])('carries out %s', async (line) => {
    expect(await api.type(line)).toEqual({
      exitCode: 0,
      out: `Deleted network private (10.0.0.0/24, ${UUID}).`,
      complaints: '',
    });
    expect(api.changes).toEqual([{ line: `DELETE ${NETWORKS}/${UUID}`, body: undefined }]);
  });

  it.each([
    {
      line: 'network delete',
      exitCode: 2,
      said: 'Please specify either fixed_range or uuid: the label will do as well.',
    },
    {
      line: 'network delete --fixed_range 192.0.2.0/24',
      exitCode: 1,
      said: 'Network could not be found with cidr 192.0.2.0/24; novanet network list shows what exists.',
    },
    {
      line: 'network delete --uuid u1',
      exitCode: 1,
      said: 'Network could not be found for uuid u1; novanet network list shows what exists.',
    },
    {
      line: 'network delete private',
      exitCode: 2,
      said: `This would delete network private (10.0.0.0/24, ${UUID}): say --yes, for there is no terminal to ask on.`,
    },
  ])('refuses $line', async ({ line, exitCode, said }) => {
    expect(await api.type(line)).toEqual({ exitCode, out: '', complaints: `novanet: ${said}` });
    expect(api.changes).toEqual([]);
  });

  it('does not ask where NOVANET_YES says so', async () => {
    const env = { NOVANET_API_URL: api.url, NOVANET_YES: '1' };
    expect((await api.run(['network', 'delete', 'private'], { env })).exitCode).toBe(0);
  });

  it.each([
    { answer: 'y', exitCode: 0, changes: 1, said: '' },
    { answer: 'Yes', exitCode: 0, changes: 1, said: '' },
    { answer: '', exitCode: 1, changes: 0, said: 'novanet: Nothing was changed.' },
    { answer: 'no', exitCode: 1, changes: 0, said: 'novanet: Nothing was changed.' },
  ])('asks on a terminal, and obeys "$answer"', async ({ answer, exitCode, changes, said }) => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    const outcome = await api.run(['network', 'delete', 'private'], { ask });
    expect(questions).toEqual([`This would delete network private (10.0.0.0/24, ${UUID}). Go on? [y/N] `]);
    expect([outcome.exitCode, outcome.complaints, api.changes.length]).toEqual([exitCode, said, changes]);
  });

  it('says how to free a network of its project', async () => {
    api.answer(`GET ${NETWORKS}`, 200, { networks: [{ ...network, project_id: 'p1' }] });
    const message = 'Network must be disassociated from project p1 before it can be deleted.';
    api.answer(`DELETE ${NETWORKS}/${UUID}`, 409, { conflictingRequest: { code: 409, message } });
    expect((await api.type('network delete private --yes')).complaints).toBe(
      `novanet: Network must be disassociated from project p1 before it can be deleted; ` +
        `novanet network modify ${UUID} --disassociate-project does that.`,
    );
  });
});

describe('novanet network modify and convert', () => {
  beforeEach(() => {
    api.answer(`PUT ${OURS}`, 200, { network });
    api.answer(`POST ${OURS}/action`, 200, { network });
  });

  it.each([
    { line: '--fixed_range 10.0.0.0/24 --project p1 --host h1', changes: { project_id: 'p1', host: 'h1' } },
    { line: '10.0.0.0/24 p1 h1', changes: { project_id: 'p1', host: 'h1' } },
    { line: '--fixed_range=10.0.0.0/24 p1', changes: { project_id: 'p1' } },
    { line: '--network=10.0.0.0/24 --disassociate-project', changes: { project_id: null } },
    { line: '10.0.0.0/24 --disassociate_host', changes: { host: null } },
    {
      line: 'private --gateway 10.0.0.9 --dns1 9.9.9.9 --dns2 none --vlan 7 --mtu 1400 --dhcp_start 10.0.0.5',
      changes: {
        gateway: '10.0.0.9',
        dns1: '9.9.9.9',
        dns2: null,
        vlan: 7,
        mtu: 1400,
        dhcp_start: '10.0.0.5',
      },
    },
    {
      line: 'private --label new --bridge br9 --bridge_interface eth2 --vpn-public-address 192.0.2.9 --vpn-public-port 1005',
      changes: {
        label: 'new',
        bridge: 'br9',
        bridge_interface: 'eth2',
        vpn_public_address: '192.0.2.9',
        vpn_public_port: 1005,
      },
    },
  ])('changes what is said: $line', async ({ line, changes }) => {
    expect((await api.type(`network modify ${line}`)).exitCode).toBe(0);
    expect((await api.type(`network update ${line}`)).exitCode).toBe(0);
    expect(api.changes[0]).toEqual({ line: `PUT ${OURS}`, body: { network: changes } });
    expect(api.changes[1]).toEqual(api.changes[0]);
  });

  it.each([
    {
      line: 'network modify private --disassociate-project --host h1',
      exitCode: 1,
      said: 'Unexpected arguments provided. Please use separate commands.',
    },
    {
      line: 'network modify private',
      exitCode: 2,
      said: 'Say what is to be changed: novanet network modify --help lists it.',
    },
    {
      line: 'network convert private',
      exitCode: 2,
      said: 'Say --multi-host, or --single-host and maybe --host HOST.',
    },
    {
      line: 'network convert private --multi-host',
      exitCode: 2,
      said:
        `This would have network private (10.0.0.0/24, ${UUID}) served by each host of its own, and so interrupt its ` +
        "instances' traffic: say --yes, for there is no terminal to ask on.",
    },
  ])('refuses $line', async ({ line, exitCode, said }) => {
    expect(await api.type(line)).toEqual({ exitCode, out: '', complaints: `novanet: ${said}` });
    expect(api.changes).toEqual([]);
  });

  it.each([
    { line: 'private --multi-host', convert: { multi_host: true } },
    { line: 'private --single-host', convert: { multi_host: false } },
    { line: 'private --single_host --host h1', convert: { multi_host: false, host: 'h1' } },
  ])('converts: $line', async ({ line, convert }) => {
    expect((await api.type(`network convert ${line} --yes`)).exitCode).toBe(0);
    expect(api.changes).toEqual([{ line: `POST ${OURS}/action`, body: { convert } }]);
  });
});
