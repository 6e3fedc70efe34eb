import { spawn } from 'node:child_process';
import { waitFor } from '@novanet/testbed';

/** A perl script in a namespace that prints `ready`, and then a line for all that it hears. */
export class PerlListener {
  private text = '';

  private constructor(readonly close: () => void) {}

  static async start(netns: string, script: string): Promise<PerlListener> {
    const child = spawn('ip', ['netns', 'exec', netns, 'perl', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const listener = new PerlListener(() => void child.kill('SIGKILL'));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (listener.text += chunk));
    await waitFor(() => listener.text.startsWith('ready'), { limitMs: 5000, what: 'perl listens' });
    return listener;
  }

  /** What it heard so far, in the order in which it came. */
  lines(): string[] {
    return this.text.split('\n').slice(1, -1);
  }
}
