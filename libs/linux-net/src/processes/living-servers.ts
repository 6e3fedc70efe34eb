interface Server {
  readonly device: string;
  readonly pid: number;
}

/** The servers that ran when they were last looked after, by pid file. */
export class LivingServers {
  private readonly servers = new Map<string, Server>();

  /** @param isAlive whether this process is still the one that was started with this pid file */
  constructor(private readonly isAlive: (pid: number, pidFile: string) => boolean) {}

  note(pidFile: string, server: Server): void {
    this.servers.set(pidFile, server);
  }

  forget(pidFile: string): void {
    this.servers.delete(pidFile);
  }

  /** Others are not ours to look after any more. */
  keepOnly(pidFiles: ReadonlySet<string>): void {
    for (const pidFile of this.servers.keys()) if (!pidFiles.has(pidFile)) this.forget(pidFile);
  }

  /** The devices of those that run no more. Executes nothing. */
  dead(): string[] {
    const dead = [...this.servers].filter(([pidFile, { pid }]) => !this.isAlive(pid, pidFile));
    return dead.map(([, { device }]) => device);
  }
}
