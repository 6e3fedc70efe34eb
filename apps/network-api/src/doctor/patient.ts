import { BadRequestException, ConflictException, NotFoundException } from '@nestjs/common';
import type { FindingDict } from '@novanet/contracts';
import type { FloatingIp, Instance, Network, Nic } from '@novanet/ipam';
import { Ipv4, tryParseHostName, tryParseIp, type HostName } from '@novanet/net-address';
import type { CloudDatabase } from '../database/cloud-database.js';
import { fixedIpFindings, floatingIpFindings, instanceFindings } from './address-findings.js';
import type { PatientDto } from './doctor.dto.js';

/** What is looked at: some hosts, and maybe an instance that they serve. */
export interface Patient {
  /** Undefined: all that have something to do, and all that report. */
  readonly hosts: readonly HostName[] | undefined;
  readonly instance: Instance | undefined;
  readonly nics: readonly Nic[];
  /** What is wrong by the database alone: as long as it is, nothing else matters. */
  readonly findings: readonly FindingDict[];
}

type Rows = Pick<CloudDatabase, 'networks' | 'fixedIps' | 'floatingIps' | 'instances' | 'services'>;

const NOBODY = { instance: undefined, nics: [], findings: [] } as const;

/** Who is meant. Throws BadRequestException, NotFoundException, ConflictException. */
export async function findPatient(rows: Rows, { instance, address, host }: PatientDto): Promise<Patient> {
  if ([instance, address, host].filter((one) => one !== undefined).length > 1) {
    throw new BadRequestException('At most one of instance, address and host may be given.');
  }
  if (host !== undefined) return { ...NOBODY, hosts: [await hostOf(rows, host)] };
  if (address !== undefined) return ofAddress(rows, address);
  if (instance !== undefined) return ofInstance(rows, await instanceOf(rows, instance));
  return { ...NOBODY, hosts: undefined };
}

async function hostOf(rows: Rows, text: string): Promise<HostName> {
  const host = tryParseHostName(text);
  const services = host ? await rows.services.list() : [];
  const isKnown = services.some((service) => service.host === host);
  if (!host || !(isKnown || (await rows.networks.findByHost(host)).length > 0)) {
    throw new NotFoundException(`No host ${text} serves networks.`);
  }
  return host;
}

async function instanceOf(rows: Rows, text: string): Promise<Instance> {
  const byUuid = await rows.instances.find(text);
  if (byUuid) return byUuid;
  const name = { text, isBeginning: true, isEnd: true };
  const [only, other] = await rows.instances.list({ name, limit: 2 });
  if (!only) throw new NotFoundException(`Instance ${text} could not be found.`);
  if (other) throw new ConflictException(`Several instances are called ${text}: say which by its uuid.`);
  return only;
}

async function ofAddress(rows: Rows, text: string): Promise<Patient> {
  const address = tryParseIp(text);
  if (!address) throw new BadRequestException(`${text} is no address.`);
  const floatingAddress = Ipv4.tryParse(text);
  const [floatingIp] = floatingAddress ? await rows.floatingIps.list({ addresses: [floatingAddress] }) : [];
  if (floatingIp) return ofFloatingIp(rows, floatingIp);
  const row = await rows.fixedIps.findByAddress(address);
  const findings = fixedIpFindings(text, row);
  if (row?.instanceUuid && findings.length === 0) return ofKnown(rows, row.instanceUuid, []);
  const network = await networkWith(rows, text, row?.networkId);
  return { ...NOBODY, hosts: network.host === null ? [] : [network.host], findings };
}

/** Throws NotFoundException. */
async function networkWith(rows: Rows, text: string, networkId: number | undefined): Promise<Network> {
  const address = tryParseIp(text);
  const has = ({ id, subnets }: Network) =>
    id === networkId || (address !== undefined && subnets.some(({ cidr }) => cidr.contains(address)));
  const network = (await rows.networks.list()).find(has);
  if (!network) throw new NotFoundException(`No network and no pool of floating IPs has ${text}.`);
  return network;
}

async function ofFloatingIp(rows: Rows, floatingIp: FloatingIp): Promise<Patient> {
  const { association, host } = floatingIp;
  const carriers = host === null ? [] : [host];
  if (!association) return { ...NOBODY, hosts: carriers, findings: floatingIpFindings(floatingIp, null) };
  const patient = await ofKnown(rows, association.instanceUuid, carriers);
  const nic = patient.nics.find(({ network }) => network.id === association.networkId);
  const server = nic ? serverOf(nic.network, patient.instance) : null;
  return { ...patient, findings: [...patient.findings, ...floatingIpFindings(floatingIp, server)] };
}

async function ofKnown(rows: Rows, uuid: string, hosts: readonly HostName[]): Promise<Patient> {
  const instance = await rows.instances.find(uuid);
  if (!instance) throw new NotFoundException(`Instance ${uuid} could not be found.`);
  return ofInstance(rows, instance, hosts);
}

async function ofInstance(rows: Rows, instance: Instance, hosts: readonly HostName[] = []): Promise<Patient> {
  const nics = await rows.fixedIps.nicsOf(instance.uuid);
  const servers = nics.flatMap(({ network }) => serverOf(network, instance) ?? []);
  const floatingIps = await rows.floatingIps.ofInstance(instance.uuid);
  const carriers = floatingIps.flatMap(({ host }) => host ?? []);
  const own = instance.host === null ? [] : [instance.host];
  const all = [...new Set([...hosts, ...servers, ...carriers, ...own])];
  return { hosts: all, instance, nics, findings: instanceFindings(instance, nics) };
}

/** Where an instance's packets leave the network. */
function serverOf(network: Network, instance: Instance | undefined): HostName | null {
  return network.isMultiHost ? (instance?.host ?? null) : network.host;
}
