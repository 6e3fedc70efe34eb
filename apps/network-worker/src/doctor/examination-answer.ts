import type { ExaminationDict, FindingDict } from '@novanet/contracts';
import type { HostExamination, HostFinding } from '@novanet/linux-net';
import type { HostName } from '@novanet/net-address';

/** An examination in the words of the wire. */
export function examinationAnswer(host: HostName, { findings, checked }: HostExamination): ExaminationDict {
  return {
    findings: findings.map((finding) => findingAnswer(host, finding)),
    checked: checked.map(({ check, isOk }) => ({ check, host, ok: isOk })),
  };
}

function findingAnswer(host: HostName, finding: HostFinding): FindingDict {
  const { check, subject, problem, explanation, isSafe: safe } = finding;
  const command = finding.command ?? (safe ? `novanet doctor --host ${host} --fix` : null);
  return { check, host, subject, problem, explanation, command, safe };
}
