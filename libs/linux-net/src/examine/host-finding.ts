/** What {@link LinuxHost.examine} looks at, causes before their consequences. */
export type HostCheck =
  | 'tools'
  | 'intent'
  | 'interfaces'
  | 'modules'
  | 'leftovers'
  | 'devices'
  | 'settings'
  | 'rules'
  | 'floating IPs'
  | 'reverse path'
  | 'dhcp'
  | 'names'
  | 'router advertisements'
  /** Not of the kernel: whoever asks for the examination looks. */
  | 'metadata';

/** Something on a host that is not as its plan wants it. */
export interface HostFinding {
  readonly check: HostCheck;
  /** The device, setting, table, address or file it is about. */
  readonly subject: string;
  /** What is wrong, in a few words. */
  readonly problem: string;
  /** What does not work because of it, and what was compared. */
  readonly explanation: string;
  /** What mends it by hand. Undefined when it is safe: converging does; otherwise the explanation says what to do. */
  readonly command: string | undefined;
  /** Whether converging would mend it. */
  readonly isSafe: boolean;
}

/** What was looked at, and what was found: the first finding is the first thing to mend. */
export interface HostExamination {
  readonly findings: readonly HostFinding[];
  /** What hangs on something that failed is not looked at, and not named here. */
  readonly checked: readonly { readonly check: HostCheck; readonly isOk: boolean }[];
}
