/** One program to run. Never a shell: each argument reaches the program as it stands. */
export interface Command {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly stdin?: string;
  /** The program is killed after this time. */
  readonly timeoutMs?: number;
  /** Exit codes that are no failure; only 0 unless said otherwise. */
  readonly allowedExitCodes?: readonly number[];
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs on the host that is made to match a plan. */
export interface CommandRunner {
  /** How many programs were run so far. */
  readonly executed: number;
  /** Path of the network namespace in which they run; undefined: that of this process. */
  readonly networkNamespace?: string | undefined;
  /** Rejects with CommandFailed when the program ends with another code, is killed, or cannot be started. */
  run(command: Command): Promise<CommandResult>;
  /**
   * A program will be run in a moment, with input that is not known yet: started now, it waits for that. One that is not run
   * after all ends by itself. Who has no prepare runs it when it is run.
   */
  prepare?(command: Omit<Command, 'stdin'>): void;
  /** A file below /proc that says something else in each network namespace. Undefined when there is none for us. */
  readKernelFile(path: string): Promise<string | undefined>;
  /** False when there is none. Rejects when the kernel refuses. */
  writeKernelFile(path: string, text: string): Promise<boolean>;
}

/** What a program that does not end tells, and that it has ended all the same. */
export interface ProgramListener {
  /** A line of its output or of its complaints. */
  line(text: string): void;
  /** Once, also when it could not be started at all. */
  ended(reason: string): void;
}

/** A program that runs until it is stopped. */
export interface FollowedProgram {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  stop(): void;
}

/** Runs programs that do not end but tell what happens on the host. */
export interface ProgramFollower {
  /** The program goes with this process, however that ends. */
  follow(argv: Command['argv'], listener: ProgramListener): FollowedProgram;
  /** Whether a process of this id was lately started here. */
  hasStarted(pid: number): boolean;
}

/** A program failed, with all that is needed to repeat it by hand. */
export class CommandFailed extends Error {
  /** @param exitCode null when the program was killed or never started; stderr says which */
  constructor(
    readonly argv: readonly string[],
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    const ending = exitCode === null ? 'did not end by itself' : `exited with ${exitCode}`;
    super(`${argv.join(' ')} ${ending}: ${stderr.trim() || 'no message'}`);
    this.name = 'CommandFailed';
  }
}
