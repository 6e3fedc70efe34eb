import { cloudpipeSchemas } from '../cloudpipes/cloudpipe-schemas.js';
import { securityGroupSchemas } from '../security-groups/security-group-schemas.js';
import { doctorSchemas } from '../doctor/doctor-schemas.js';
import { fixedIpSchemas } from '../fixed-ips/fixed-ip-schemas.js';
import { dnsSchemas } from '../floating-ip-dns/dns-schemas.js';
import { floatingIpSchemas } from '../floating-ips/floating-ip-schemas.js';
import { networkSchemas } from '../networks/network-schemas.js';
import { poolSchemas } from '../pools/pool-schemas.js';
import { extensionSchemas } from '../extensions/extension-schemas.js';
import { quotaSchemas } from '../quotas/quota-schemas.js';
import { serverSchemas } from '../servers/server-schemas.js';
import { serviceSchemas } from '../services/service-schemas.js';
import { versionSchemas } from '../versions/version-schemas.js';
import type { Schema, Schemas } from './schema-types.js';

const text: Schema = { type: 'string' };
const nullableText: Schema = { type: 'string', nullable: true };
const nullableNumber: Schema = { type: 'integer', nullable: true };
const flag: Schema = { type: 'boolean' };
const time: Schema = {
  type: 'string',
  nullable: true,
  example: '2026-03-01T12:00:00.000000',
  description: 'UTC.',
};
const uuid: Schema = { type: 'string', format: 'uuid' };

const registration: Record<string, Schema> = {
  compute_id: {
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'The number by which the compute service knows it. Default: the one it told before.',
  },
  project_id: nullableText,
  user_id: nullableText,
  host: { ...nullableText, description: 'The host the instance runs on.' },
  display_name: nullableText,
  hostname: { ...nullableText, description: 'Default: made from the uuid.' },
  availability_zone: nullableText,
  launch_index: { type: 'integer', minimum: 0, nullable: true, description: 'Default: 0.' },
  reservation_id: { ...nullableText, example: 'r-0a1b2c3d' },
  instance_type: { ...nullableText, example: 'm1.small' },
  ami_id: nullableText,
  kernel_id: nullableText,
  ramdisk_id: nullableText,
  key_name: nullableText,
  public_key: { ...nullableText, description: 'One line, as in authorized_keys.' },
  user_data: { ...nullableText, format: 'byte' },
  meta: {
    type: 'object',
    additionalProperties: text,
    nullable: true,
    description: "The user's own key-value pairs.",
  },
  security_groups: { type: 'array', items: text, nullable: true },
};

const address: Schema = {
  type: 'object',
  properties: {
    network_id: uuid,
    network_label: text,
    mac: { ...text, example: 'fa:16:3e:00:00:01' },
    address: { ...text, example: '10.0.0.3' },
    version: { type: 'integer', enum: [4, 6] },
  },
};

const publicNetwork: Record<string, Schema> = {
  id: uuid,
  label: text,
  cidr: { ...nullableText, example: '10.0.0.0/24' },
  cidr_v6: nullableText,
  netmask: nullableText,
  netmask_v6: nullableText,
  broadcast: nullableText,
  gateway: nullableText,
  gateway_v6: nullableText,
  dns1: nullableText,
  dns2: nullableText,
};

/** What requests and answers are made of, where no class describes it. */
export const schemas: Schemas = {
  ...networkSchemas,
  PublicNetwork: { type: 'object', properties: publicNetwork },
  Network: {
    type: 'object',
    properties: {
      ...publicNetwork,
      dhcp_start: nullableText,
      dhcp_server: nullableText,
      enable_dhcp: flag,
      share_address: flag,
      bridge: { ...nullableText, example: 'br100' },
      bridge_interface: { ...nullableText, example: 'eth1' },
      vlan: nullableNumber,
      mtu: nullableNumber,
      multi_host: flag,
      host: {
        ...nullableText,
        description: 'The worker that is gateway and DHCP server; null until first needed.',
      },
      project_id: { ...nullableText, description: 'Null: every project may use it.' },
      injected: flag,
      priority: nullableNumber,
      rxtx_base: nullableNumber,
      vpn_public_address: nullableText,
      vpn_public_port: nullableNumber,
      vpn_private_address: nullableText,
      created_at: time,
      updated_at: time,
      deleted_at: time,
      deleted: flag,
    },
  },
  InstanceRegistration: { type: 'object', properties: registration, additionalProperties: false },
  Instance: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      uuid,
      ...registration,
      registered: { ...flag, description: 'False: known only because its addresses were asked for.' },
      created_at: time,
      updated_at: time,
      addresses: { type: 'array', items: address },
    },
  },
  InstancePassword: {
    type: 'object',
    properties: {
      password: {
        ...text,
        description: "Encrypted with the owner's public key, base64; empty: none was left.",
      },
    },
  },
  ...securityGroupSchemas,
  Service: {
    type: 'object',
    properties: {
      host: text,
      binary: { ...text, example: 'nova-network' },
      state: { ...text, enum: ['up', 'down'] },
      last_seen_at: { ...text, format: 'date-time' },
    },
  },
  ...floatingIpSchemas,
  ...poolSchemas,
  ...fixedIpSchemas,
  ...dnsSchemas,
  ...serverSchemas,
  ...serviceSchemas,
  ...versionSchemas,
  ...quotaSchemas,
  ...doctorSchemas,
  ...extensionSchemas,
  ...cloudpipeSchemas,
  Fault: {
    type: 'object',
    properties: {
      code: { type: 'integer' },
      message: text,
      title: text,
      retryAfter: { ...text, description: 'Seconds.' },
    },
    required: ['code', 'message'],
  },
};
