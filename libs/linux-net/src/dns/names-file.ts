import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostPlan } from '@novanet/host-plan';
import type { StageOutcome } from '../converge-report.js';
import { ensureDirectoryIdentity } from '../files/directory-identity.js';
import { makeDirectory } from '../files/make-directory.js';
import { readIfExists, replaceFile } from '../files/replace-file.js';

/** Whether {@link applyNames} would have anything to do. */
export function differsInNames({ names, dhcpServers }: HostPlan): boolean {
  return dhcpServers.length > 0 && readIfExists(names.path) !== names.content;
}

/**
 * The names that all DNS servers of the host answer. They watch its directory, and take a new file for the old one: what
 * is not in it any more is not answered any more, without a signal.
 */
export async function applyNames({ names, dhcpServers }: HostPlan): Promise<StageOutcome> {
  const directory = dirname(names.path);
  try {
    const before = readIfExists(names.path);
    if (dhcpServers.length === 0) {
      await rm(directory, { recursive: true, force: true });
      return {
        changed: before !== undefined,
        subjects: before === undefined ? [] : [names.path],
        problems: [],
      };
    }
    if (before === names.content) return { changed: false, problems: [] };
    makeDirectory(directory);
    ensureDirectoryIdentity(directory);
    replaceFile(names.path, names.content);
    return { changed: true, subjects: [names.path], problems: [] };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `DNS servers do not learn the names of instances: ${error.message}`;
    return { changed: false, problems: [{ subject: names.path, message }] };
  }
}
