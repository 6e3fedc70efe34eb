import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DhcpHostPlan } from '@novanet/host-plan';
import { replaceFile } from '../files/replace-file.js';
import { diffHosts, freshHosts, type HostsDiff } from './diff-hosts.js';

/** Stands in the directory while files and dnsmasq may disagree; dnsmasq ignores names that begin with a dot. */
const RELOAD_PENDING = '.reload-pending';

/** What was in the directory when it was last changed: thousands of files are not read again to find them equal. */
interface Contents {
  /** Undefined: do not trust it. */
  readonly changedAt: bigint | undefined;
  readonly files: Map<string, string>;
  readonly isReloadPending: boolean;
}

/** The directory from which one dnsmasq learns its hosts. */
export class HostsDirectory {
  private contents: Contents | undefined;
  /** Whom the contents serve, as far as that is known. */
  private served: readonly DhcpHostPlan[] | undefined;

  constructor(private readonly path: string) {}

  /** Before dnsmasq starts: exactly the planned hosts, and no leftovers of an earlier run. */
  async prepare(hosts: readonly DhcpHostPlan[]): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const names = await readdir(this.path);
    for (const name of names.filter(isHidden)) await rm(join(this.path, name), { force: true });
    const { files } = await this.read();
    await this.write(freshHosts(files, hosts), files);
  }

  /**
   * While dnsmasq runs. A worker that dies between the files and the reload leaves a marker behind, so that the next
   * one reloads.
   * @param reload makes dnsmasq read everything again and resolves when it has begun to
   * @returns whether anything changed
   */
  async update(hosts: readonly DhcpHostPlan[], reload: () => Promise<void>): Promise<boolean> {
    const contents = await this.read();
    if (contents === this.contents && hosts === this.served) return false;
    const { files, isReloadPending } = contents;
    const diff = diffHosts(files, hosts);
    if (!diff.needsReload && !isReloadPending) {
      await this.write(diff, files);
      this.served = hosts;
      return diff.writes.length > 0;
    }
    replaceFile(join(this.path, RELOAD_PENDING), '');
    await this.write(freshHosts(files, hosts), files);
    await reload();
    await rm(join(this.path, RELOAD_PENDING), { force: true });
    this.remember(files);
    return true;
  }

  /** Whether {@link update} would have anything to do. */
  async differs(hosts: readonly DhcpHostPlan[]): Promise<boolean> {
    const { files, isReloadPending } = await this.read();
    const { needsReload, writes } = diffHosts(files, hosts);
    return needsReload || isReloadPending || writes.length > 0;
  }

  private async read(): Promise<Contents> {
    if (this.contents && this.contents.changedAt === this.changedAt()) return this.contents;
    const names = await readdir(this.path);
    const visible = names.filter((name) => !isHidden(name));
    const texts = await Promise.all(visible.map((name) => readFile(join(this.path, name), 'utf8')));
    const files = new Map(visible.map((name, index) => [name, texts[index] ?? '']));
    return { changedAt: undefined, files, isReloadPending: names.includes(RELOAD_PENDING) };
  }

  private async write({ removals, writes }: HostsDiff, files: Map<string, string>): Promise<void> {
    this.contents = undefined;
    this.served = undefined;
    for (const name of removals) {
      await rm(join(this.path, name), { force: true });
      files.delete(name);
    }
    for (const { name, content } of writes) {
      replaceFile(join(this.path, name), content);
      files.set(name, content);
    }
    this.remember(files);
  }

  private remember(files: Map<string, string>): void {
    this.contents = { changedAt: this.changedAt(), files, isReloadPending: false };
  }

  /** Every file comes and goes by a rename or removal, which the directory's own time shows. */
  private changedAt(): bigint {
    return statSync(this.path, { bigint: true }).mtimeNs;
  }
}

function isHidden(name: string): boolean {
  return name.startsWith('.');
}
