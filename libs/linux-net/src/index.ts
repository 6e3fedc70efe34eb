// Makes a Linux host match a plan, by the smallest batch of commands, without touching what is not ours.
export {
  CommandFailed,
  type Command,
  type CommandResult,
  type CommandRunner,
  type ProgramFollower,
} from './commands/command-runner.js';
export { ProgramStarter } from './commands/program-starter.js';
export { SpawnCommandRunner, type CommandLog } from './commands/spawn-command-runner.js';
export type { ConvergeProblem, ConvergeReport, StageChange } from './converge-report.js';
export type { HostCheck, HostExamination, HostFinding } from './examine/host-finding.js';
export { releaseLease } from './dhcp/release-lease.js';
export type { PeerSafety } from './lost-peers/peer-guard.js';
export type { Endpoint } from './lost-peers/peer.js';
export { LinuxHost } from './linux-host.js';
export { HostWatch, type HostWatchParts } from './watch/host-watch.js';
