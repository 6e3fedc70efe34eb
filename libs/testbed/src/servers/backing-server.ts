import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BackingServerOptions {
  /** Holds data, logs and pid files; default: a new folder under the system's temporary one. */
  readonly directory?: string;
  /** The network namespace to live in. There every address of the namespace is listened on. */
  readonly netns?: string | undefined;
  /** Default: a free port here, the protocol's own port in a namespace. */
  readonly port?: number;
  /** The address that `url` names; default 127.0.0.1. */
  readonly address?: string;
}

/** A private server of our own on private data. All of it survives stop() and kill(), but for remove(). */
export interface BackingServer {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Starts it, on the data it has, and returns when it answers. Does nothing when it runs. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  isRunning(): boolean;
  /** Kills it and deletes its data. */
  remove(): Promise<void>;
}

export function newDirectory(kind: string): string {
  return mkdtempSync(join(tmpdir(), `novanet-${kind}-`));
}
