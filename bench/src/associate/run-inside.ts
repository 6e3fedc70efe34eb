import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { inNamespace } from '@novanet/testbed';

import { recordProcess } from '../servers/run-folder.js';
import { BenchError } from '../terminal/bench-error.js';
import { Interrupted, type Terminal } from '../terminal/terminal.js';
import type { AssociateResult } from './associate-benchmark.js';
import { namespaces } from './host-network.js';
import type { AssociateOptions } from './options.js';

const program = join(import.meta.dirname, 'inside.js');

/** Has the benchmark run in the host's namespace. Throws Interrupted, or BenchError when it has said what is wrong. */
export async function runInside(options: AssociateOptions, terminal: Terminal): Promise<AssociateResult> {
  const argv = [process.execPath, program, JSON.stringify(options)];
  const [command = '', ...args] = inNamespace(namespaces.host, argv);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  recordProcess('inside', child.pid ?? 0);
  terminal.onInterrupt(() => child.kill('SIGKILL'));
  const [answer] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (terminal.isInterrupted) throw new Interrupted();
  if (child.exitCode !== 0) throw new BenchError('the benchmark ended before its time.');
  return JSON.parse(answer);
}
