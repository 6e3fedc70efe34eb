import type { Settings } from '@novanet/config';
import { planHost, type HostPlan } from '@novanet/host-plan';
import type { ConvergeReport, HostExamination, HostFinding } from '@novanet/linux-net';
import type { ManagerTraits } from '@novanet/network-managers';
import { HostRows, type PlanRows } from '../hosts/host-rows.js';
import { OpenNetworks } from '../hosts/open-networks.js';
import { metadataFindings } from './metadata-finding.js';

/** Examines the host of this worker, and mends it. */
export abstract class HostDoctor {
  /** Changes nothing. */
  abstract examine(): Promise<HostExamination>;
  /** Converges, whatever is known of the host. */
  abstract mend(): Promise<HostMending>;
}

export interface HostMending {
  /** What was not as planned before, by stage of the converge. */
  readonly mended: ConvergeReport['changes'];
  /** After that. */
  readonly examination: HostExamination;
}

/** A request under way changes rows and host one after the other: what differs for longer is wrong. */
const LOOKS = 3;

const NOTHING: HostExamination = { findings: [], checked: [] };

/** Whom the doctor needs. */
export interface OwnDoctorParts {
  readonly ipam: PlanRows;
  readonly settings: Settings;
  readonly traits: ManagerTraits;
  readonly linux: { examine(plan: HostPlan): Promise<HostExamination> };
  /** Absent: there is no worker, and nobody mends. */
  readonly converge?: () => Promise<ConvergeReport>;
}

/** The host of this process, compared with the database as it is now. */
export class OwnDoctor extends HostDoctor {
  constructor(private readonly parts: OwnDoctorParts) {
    super();
  }

  override async examine(): Promise<HostExamination> {
    if (this.parts.settings.fakeNetwork) return NOTHING;
    let seen = await this.look();
    for (let looks = 1; looks < LOOKS && seen.findings.length > 0; looks += 1) {
      seen = stillThere(seen, await this.look());
    }
    return seen;
  }

  override async mend(): Promise<HostMending> {
    const report = await this.parts.converge?.();
    return { mended: report?.changes ?? [], examination: await this.examine() };
  }

  private async look(): Promise<HostExamination> {
    const { settings, traits, linux } = this.parts;
    const openNetworks = new OpenNetworks(settings, { warn: () => undefined });
    const rows = new HostRows(readOnly(this.parts.ipam), settings, traits, openNetworks);
    const { intent, problems } = await rows.read(new Set(['everything']));
    const plan = planHost(intent);
    const [{ findings, checked }, metadata] = await Promise.all([
      linux.examine({ ...plan, problems: [...plan.problems, ...problems] }),
      metadataFindings(settings, plan),
    ]);
    const last = { check: 'metadata', isOk: metadata.length === 0 } as const;
    return { findings: [...findings, ...metadata], checked: [...checked, last] };
  }
}

/** A host that has no address in a network yet is told of, and not given one. */
function readOnly({ fixedIps, floatingIps, dnsRecords, securityGroups }: PlanRows): PlanRows {
  return {
    fixedIps: {
      servedBy: (host) => fixedIps.servedBy(host),
      namedIn: (networkIds) => fixedIps.namedIn(networkIds),
      nicsOn: (host) => fixedIps.nicsOn(host),
      claimHostAddress: () => Promise.reject(new Error('it has not asked for one yet')),
    },
    floatingIps,
    dnsRecords,
    securityGroups,
  };
}

function stillThere(before: HostExamination, now: HostExamination): HostExamination {
  const known = new Set(before.findings.map(identityOf));
  const findings = now.findings.filter((finding) => known.has(identityOf(finding)));
  const wrong = new Set(findings.map(({ check }) => check));
  return { findings, checked: now.checked.map(({ check }) => ({ check, isOk: !wrong.has(check) })) };
}

function identityOf({ check, subject }: HostFinding): string {
  return `${check} ${subject}`;
}
