import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const REJECTED = 'rejected';

/**
 * The directory in which dnsmasq's lease program leaves one file per event. Names sort in the order of the events;
 * those that begin with a dot are the program's own business.
 */
export class Spool {
  constructor(readonly directory: string) {}

  /** The files of all undelivered events, oldest first. */
  async names(): Promise<readonly string[]> {
    // Nothing else is made: a disk that is full of events must be read all the same, to be empty again.
    await mkdir(this.directory, { recursive: true });
    const entries = await readdir(this.directory, { withFileTypes: true });
    // Directories are no events: `rejected`, or `lost+found` where the spool is a file system of its own.
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  }

  read(name: string): Promise<string> {
    return readFile(join(this.directory, name), 'utf8');
  }

  remove(name: string): Promise<void> {
    return unlink(join(this.directory, name));
  }

  /** Puts an event aside that cannot be delivered. An operator may move it back. */
  async reject(name: string): Promise<void> {
    await mkdir(join(this.directory, REJECTED), { recursive: true });
    await rename(join(this.directory, name), join(this.directory, REJECTED, name));
  }

  /** Undefined when there is no such file (any more). */
  async writtenAt(name: string): Promise<Date | undefined> {
    return stat(join(this.directory, name)).then(
      ({ mtime }) => mtime,
      () => undefined,
    );
  }

  /** Returns when there may be an event, at the latest after `limitMs`, or when told to stop. */
  async waitForEvents(limitMs: number, stop: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limitMs);
    const watcher = this.watch(resolve);
    const stopWaiting = () => resolve();
    stop.addEventListener('abort', stopWaiting, { once: true });
    try {
      // What came before the watcher was there, it does not tell.
      if (stop.aborted || (await this.names()).length > 0) return;
      await promise;
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopWaiting);
      watcher?.close();
    }
  }

  /** Undefined when the system has no watcher left: then time alone has to do. */
  private watch(changed: () => void): FSWatcher | undefined {
    try {
      return watch(this.directory, (_, name) => name?.startsWith('.') || changed()).on('error', changed);
    } catch {
      return undefined;
    }
  }
}
