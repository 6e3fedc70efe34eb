import { isRecord, tryParseExamination, type ExaminationDict, type FindingDict } from '@novanet/contracts';
import type { HostName } from '@novanet/net-address';
import type { ManagerTraits } from '@novanet/network-managers';
import type { Requester } from '../auth/requester.js';
import type { CloudDatabase } from '../database/cloud-database.js';
import type { NetworkWorkers } from '../workers/network-workers.js';
import { leaseFindings } from './address-findings.js';
import type { PatientDto } from './doctor.dto.js';
import { groupFindings } from './group-findings.js';
import { findPatient, type Patient } from './patient.js';
import { callRoll, silentFinding } from './worker-findings.js';

/** What a host had that was not as planned, and has no more. */
export interface Mended {
  readonly host: string;
  readonly stage: string;
  readonly subjects: readonly string[];
}

/** An examination takes a second, and waits for a converge that is under way. */
const EXAMINE_MS = 20_000;
const MEND_MS = 60_000;

/**
 * Walks the cloud as one does who looks for a fault: what the database says of the instance or the address, the workers,
 * the hosts (each examines itself), then what stands on them. What hangs on a cause that was found is not looked at.
 */
export class CloudDoctor {
  constructor(
    private readonly database: CloudDatabase,
    private readonly workers: NetworkWorkers,
    private readonly cloud: {
      readonly traits: Pick<ManagerTraits, 'servesDhcp'>;
      /** `service_down_time`. */
      readonly serviceDownTime: number;
    },
  ) {}

  async examine(by: Requester, wanted: PatientDto): Promise<ExaminationDict> {
    const patient = await findPatient(this.database, wanted);
    const rows = { findings: patient.findings, checked: checkedRows(patient) };
    if (patient.findings.length > 0) return rows;
    const hosts = await this.examineHosts(by, patient);
    const below = hosts.findings.length > 0 ? [] : [this.examineLeases(patient)];
    const parts = [rows, hosts, ...below, await this.examineGroups(patient)];
    return {
      findings: parts.flatMap(({ findings }) => findings),
      checked: parts.flatMap(({ checked }) => checked),
    };
  }

  /** Mends the hosts on which something safe is wrong. */
  async fix(
    by: Requester,
    wanted: PatientDto,
  ): Promise<{ mended: readonly Mended[]; findings: readonly FindingDict[] }> {
    const before = await this.examine(by, wanted);
    const patient = await findPatient(this.database, wanted);
    const { alive } = await this.roll(patient);
    const sick = new Set(before.findings.flatMap(({ host, safe }) => (safe ? [host] : [])));
    const mended = await Promise.all(
      alive
        .filter((host) => sick.has(host))
        .map((host) =>
          this.workers.callHost(by, host, 'mend_host', MEND_MS).then(
            (answer) => mendedBy(host, answer),
            // The examination that follows says so.
            () => [],
          ),
        ),
    );
    return { mended: mended.flat(), findings: (await this.examine(by, wanted)).findings };
  }

  private async roll({ hosts }: Patient) {
    const services = await this.database.services.list();
    const times = { now: new Date(), downTimeSeconds: this.cloud.serviceDownTime };
    const roll = callRoll(services, new Set(hosts ?? (await this.busyHosts())), times);
    if (!hosts) return roll;
    const asked = new Set<string>(hosts);
    const isAsked = ({ host }: { readonly host: string | null }) => host !== null && asked.has(host);
    return {
      findings: roll.findings.filter(isAsked),
      checked: roll.checked.filter(isAsked),
      alive: roll.alive.filter((host) => asked.has(host)),
    };
  }

  /** Those that the cloud needs. */
  private async busyHosts(): Promise<ReadonlySet<HostName>> {
    const [networks, floatingIps, hosts] = await Promise.all([
      this.database.networks.list(),
      this.database.floatingIps.list({ isAllocated: true }),
      this.database.instances.hosts(),
    ]);
    return new Set([...hosts, ...[...networks, ...floatingIps].flatMap(({ host }) => host ?? [])]);
  }

  private async examineHosts(by: Requester, patient: Patient): Promise<ExaminationDict> {
    const roll = await this.roll(patient);
    const examinations = await Promise.all(roll.alive.toSorted().map((host) => this.examineHost(by, host)));
    return {
      findings: [...roll.findings, ...examinations.flatMap(({ findings }) => findings)],
      checked: [...roll.checked, ...examinations.flatMap(({ checked }) => checked)],
    };
  }

  private async examineHost(by: Requester, host: HostName): Promise<ExaminationDict> {
    try {
      const answer = tryParseExamination(await this.workers.callHost(by, host, 'examine_host', EXAMINE_MS));
      if (answer) return answer;
      return silent(host, 'it answered something else');
    } catch (error) {
      return silent(host, error);
    }
  }

  private examineLeases({ instance, nics }: Patient): ExaminationDict {
    if (!instance || !this.cloud.traits.servesDhcp) return { findings: [], checked: [] };
    const findings = leaseFindings(nics, instance.host, new Date());
    return { findings, checked: [{ check: 'lease', host: instance.host, ok: findings.length === 0 }] };
  }

  private async examineGroups({ instance }: Patient): Promise<ExaminationDict> {
    if (!instance) return { findings: [], checked: [] };
    const book = this.database.securityGroups;
    const [groups, firewall] = await Promise.all([
      book.groupsOf(instance.uuid),
      // Of IPv6 nothing is asked.
      book.rulesFor([instance.uuid], () => undefined),
    ]);
    const rules = firewall.instances.flatMap((one) => one.rules);
    const findings = groupFindings(instance, groups, rules);
    return { findings, checked: [{ check: 'security groups', host: null, ok: findings.length === 0 }] };
  }
}

function silent(host: HostName, reason: unknown): ExaminationDict {
  return {
    findings: [silentFinding(host, reason)],
    checked: [{ check: 'worker answers', host, ok: false }],
  };
}

function checkedRows({ instance, findings }: Patient) {
  if (!instance && findings.length === 0) return [];
  return [{ check: instance ? 'instance' : 'address', host: null, ok: findings.length === 0 }];
}

function mendedBy(host: string, answer: unknown): Mended[] {
  const changes: unknown = isRecord(answer) ? answer['mended'] : undefined;
  if (!Array.isArray(changes)) return [];
  return changes.filter(isRecord).map(({ stage, subjects }) => ({
    host,
    stage: String(stage),
    subjects: Array.isArray(subjects) ? subjects.map(String) : [],
  }));
}
