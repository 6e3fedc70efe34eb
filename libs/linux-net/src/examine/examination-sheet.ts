import type { HostCheck, HostExamination, HostFinding } from './host-finding.js';

/** A finding, and the devices that cannot be right as long as it is there. */
export interface CausalFinding extends HostFinding {
  readonly spoils?: readonly string[];
}

/** Gathers what the checks of one examination find, and knows what they need not look at any more. */
export class ExaminationSheet {
  private readonly findings: HostFinding[] = [];
  private readonly checked: { check: HostCheck; isOk: boolean }[] = [];
  private readonly spoilt = new Set<string>();

  note(check: HostCheck, found: readonly CausalFinding[]): void {
    this.checked.push({ check, isOk: found.length === 0 });
    for (const { spoils = [], ...finding } of found) {
      this.findings.push(finding);
      for (const device of spoils) this.spoilt.add(device);
    }
  }

  /** Whether something on this device was found to be wrong already. */
  isSpoilt(device: string): boolean {
    return this.spoilt.has(device);
  }

  /** Whether a check was made and found nothing. */
  isClean(check: HostCheck): boolean {
    return this.checked.some((one) => one.check === check && one.isOk);
  }

  get result(): HostExamination {
    return { findings: this.findings, checked: this.checked };
  }
}
