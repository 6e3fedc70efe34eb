import type { CausalFinding } from './examination-sheet.js';

type ServerCheck = 'dhcp' | 'router advertisements';

const CONSEQUENCES: Readonly<Record<ServerCheck, string>> = {
  dhcp: 'instances get no address when they ask, or a wrong one',
  'router advertisements': 'instances lose their IPv6 router',
};

/** @param difference undefined: it is as planned */
export function serverFinding(
  check: ServerCheck,
  { device, pidFile }: { readonly device: string; readonly pidFile: string },
  difference: string | undefined,
): CausalFinding[] {
  if (difference === undefined) return [];
  const explanation = `${CONSEQUENCES[check]}; its process is in ${pidFile}`;
  return [{ check, subject: device, problem: difference, explanation, command: undefined, isSafe: true }];
}

/** Those of networks that are gone. */
export function otherServers(check: ServerCheck, names: readonly string[]): CausalFinding[] {
  return names.map((subject) => ({
    check,
    subject,
    problem: 'it serves a network that is not here any more',
    explanation: 'it may answer instances of others',
    command: undefined,
    isSafe: true,
  }));
}

export function namesFinding(subject: string): CausalFinding {
  return {
    check: 'names',
    subject,
    problem: 'the names in it are not as planned',
    explanation: 'instances ask in vain for names, or are told wrong addresses',
    command: undefined,
    isSafe: true,
  };
}
