import type { SysctlPlan } from '@novanet/host-plan';
import { diffSysctls, type Sysctls } from '../sysctl.js';
import type { CausalFinding } from './examination-sheet.js';

const CONSEQUENCES: readonly (readonly [key: RegExp, consequence: string])[] = [
  [/^net\.ipv4\.ip_forward$|\.all\.forwarding$/, 'nothing passes between instances and the outside'],
  [
    /^net\.bridge\.bridge-nf-call-/,
    'security groups do not filter what instances of one bridge send each other',
  ],
  [/\.accept_ra$/, 'router advertisements decide about the routes of this host'],
  [/\.accept_dad$/, 'an instance may wait for its IPv6 router, or stop it'],
];

/** Kernel settings that are not as planned, and those that come with a module which is not loaded. */
export function settingFindings(actual: Sysctls, plan: readonly SysctlPlan[]): CausalFinding[] {
  const { different, unknown } = diffSysctls(actual, plan);
  const missing = Map.groupBy(unknown, ({ key, module }) => module ?? key);
  return [
    ...[...missing].map(([subject, settings]) => missingFinding(subject, settings)),
    ...different.map(({ key, value }) => ({
      check: 'settings' as const,
      subject: key,
      problem: `it is ${actual.get(key) ?? 'unset'}, and not ${value}`,
      explanation: `${consequenceOf(key)}; look into /etc/sysctl.d and /etc/sysctl.conf for what sets it`,
      command: `sysctl -w ${key}=${value}`,
      isSafe: true,
    })),
  ];
}

function missingFinding(subject: string, settings: readonly SysctlPlan[]): CausalFinding {
  const isModule = settings.some(({ module }) => module === subject);
  return {
    check: 'settings',
    subject,
    problem: isModule ? 'the module of the kernel is not loaded' : 'the kernel does not have this setting',
    explanation: `${settings.map(({ key }) => key).join(', ')} cannot be set: ${consequenceOf(settings[0]?.key ?? '')}`,
    command: isModule ? `modprobe ${subject}` : undefined,
    isSafe: isModule,
  };
}

function consequenceOf(key: string): string {
  return CONSEQUENCES.find(([pattern]) => pattern.test(key))?.[1] ?? 'the host does not work as planned';
}
