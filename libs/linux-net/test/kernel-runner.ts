import type { KernelHost } from '@novanet/testbed';
import { type Command, CommandFailed, type CommandResult, type CommandRunner } from '../src/index.js';

/** Runs commands on a host with a kernel of its own, and remembers what they were. */
export class KernelRunner implements CommandRunner {
  readonly lines: string[] = [];

  constructor(private readonly kernel: KernelHost) {}

  get executed(): number {
    return this.lines.length;
  }

  async run({ argv, stdin, allowedExitCodes = [0] }: Command): Promise<CommandResult> {
    this.lines.push(argv.join(' '));
    const [program, argument = ''] = argv;
    if (program === 'modprobe') {
      // Its modules are not where those of this machine are.
      await this.kernel.loadModule(argument);
      return { exitCode: 0, stdout: '', stderr: '' };
    }
    const input = stdin === undefined ? {} : { input: stdin };
    const result = await this.kernel.try(argv, input);
    if (!allowedExitCodes.includes(result.exitCode)) {
      throw new CommandFailed(argv, result.exitCode, result.stderr);
    }
    return result;
  }

  async readKernelFile(path: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.kernel.try(['cat', path]);
    return exitCode === 0 ? stdout : undefined;
  }

  async writeKernelFile(path: string, text: string): Promise<boolean> {
    if ((await this.readKernelFile(path)) === undefined) return false;
    const { exitCode, stderr } = await this.kernel.try(['tee', path], { input: text });
    if (exitCode !== 0) throw new Error(stderr.trim());
    return true;
  }
}
