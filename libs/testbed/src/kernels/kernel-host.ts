import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ipBatch } from '../namespaces/namespace.js';
import { BackgroundProcess } from '../processes/background-process.js';
import {
  CommandFailed,
  type CommandOptions,
  type CommandResult,
  runCommand,
  tryCommand,
} from '../processes/run-command.js';
import { kernelAgent } from './kernel-agent.js';
import { KernelOrders, type KernelProgram } from './kernel-orders.js';

/** A network card, plugged into a bridge outside. */
export interface KernelNic {
  /** Its name in there. */
  readonly device: string;
  /** In the namespace that the kernel runs in. */
  readonly bridge: string;
  readonly mac: string;
  /** "192.168.240.11/24" */
  readonly address?: string;
}

export interface KernelHostOptions {
  /** Also its host name. */
  readonly name: string;
  /** The only place of the disk that it can write to. Nobody else's. */
  readonly folder: string;
  /** The namespace of the switch. */
  readonly netns: string;
  readonly nics: readonly KernelNic[];
  readonly memoryMb?: number;
}

/** A kernel takes a second to boot; on a machine whose processors are all busy, much longer. */
const bootLimitMs = 90_000;

/** It goes when the process that started it goes. */
const startCommand = ['setpriv', '--pdeathsig', 'KILL', 'linux.uml'];
/** This machine's files are its own, but read-only; what the kernel and its first process say goes to the log. */
const fixedWords = 'root=/dev/root rootfstype=hostfs hostfs=/ ro con=null con0=null,fd:1 quiet';

/**
 * A host with a kernel of its own: user-mode Linux, Debian's 6.1, an ordinary process in a network namespace. It has one
 * processor, the legacy firewall, and modules that load themselves when they are needed. It sees this machine's files,
 * read-only but for its folder, so it has the same programs and the same checkout; inotify does not tell of what happens
 * to them, it does in /run. Computing is as fast as outside, starting processes twenty times slower: use it to show that
 * something works, never how fast.
 */
export class KernelHost {
  private readonly process: BackgroundProcess;
  private readonly orders: KernelOrders;

  constructor(private readonly options: KernelHostOptions) {
    const { name, folder, netns, nics, memoryMb = 512 } = options;
    const words = `umid=${name} mem=${memoryMb}M ${fixedWords} NOVANET_FOLDER=${folder} NOVANET_HOST=${name}`;
    const cards = nics.map(
      ({ mac }, index) => `vec${index}:transport=tap,ifname=${this.tapOf(index)},depth=128,gro=1,mac=${mac}`,
    );
    const places = [`uml_dir=${join(folder, 'uml')}/`, `init=${join(folder, 'init')}`];
    this.process = new BackgroundProcess({
      name: 'kernel',
      directory: folder,
      netns,
      argv: [...startCommand, ...words.split(' '), ...places, ...cards],
    });
    this.orders = new KernelOrders(join(folder, 'orders'), () => this.isRunning);
  }

  get name(): string {
    return this.options.name;
  }

  get isRunning(): boolean {
    return this.process.identity() !== undefined;
  }

  /** Boots it, and returns when its network cards are up. Throws ProgramMissing. */
  async start(): Promise<void> {
    const { folder, netns, nics } = this.options;
    await runCommand(['linux.uml', '--version']);
    writeFolder(folder);
    await this.removeTaps();
    const taps = nics.flatMap(({ bridge }, index) => [
      `tuntap add dev ${this.tapOf(index)} mode tap`,
      `link set ${this.tapOf(index)} master ${bridge} up`,
    ]);
    await ipBatch(netns, taps);
    await this.process.start();
    const ready = join(folder, 'orders', 'ready');
    await this.process.waitUntil(
      async () => lstatSync(ready, { throwIfNoEntry: false }) !== undefined,
      bootLimitMs,
    );
    const lines = nics.flatMap(({ device, address }, index) => [
      `link set vec${index} name ${device}`,
      `link set ${device} up`,
      ...(address ? [`addr add ${address} dev ${device}`] : []),
    ]);
    await this.ip(...lines);
  }

  /** Runs a program in there, without a shell, to its end; default limit 60 s. Throws CommandFailed, ProgramMissing. */
  async run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.try(argv, options);
    if (exitCode !== 0) throw new CommandFailed(argv, exitCode, stderr.trim() || stdout, this.name);
    return stdout;
  }

  /** The same, whatever its exit code. */
  try(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.orders.carryOut(argv, options);
  }

  /** Starts a program in there and leaves it running. */
  program(argv: readonly string[], options: CommandOptions = {}): KernelProgram {
    return this.orders.start(argv, options);
  }

  /** Runs lines of an `ip` script in there. */
  async ip(...lines: readonly string[]): Promise<void> {
    await this.run(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  }

  /** For the modules that the kernel does not load by itself. */
  async loadModule(name: string): Promise<void> {
    await this.run([join(this.options.folder, 'modprobe'), name]);
  }

  /** As a power cut: what its programs wrote last may not have reached the disk. */
  async kill(): Promise<void> {
    await this.process.kill();
  }

  /** Kills it, and removes what it had. */
  async remove(): Promise<void> {
    await this.kill();
    await this.removeTaps();
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private tapOf(index: number): string {
    return `${this.name}-vec${index}`;
  }

  private async removeTaps(): Promise<void> {
    const { netns, nics } = this.options;
    for (const index of nics.keys()) await tryCommand(['ip', '-n', netns, 'link', 'del', this.tapOf(index)]);
  }
}

/** What a boot needs, and nothing of an earlier life's orders. */
function writeFolder(folder: string): void {
  rmSync(join(folder, 'orders'), { recursive: true, force: true });
  mkdirSync(join(folder, 'orders'), { recursive: true });
  mkdirSync(join(folder, 'uml'), { recursive: true });
  writeFileSync(join(folder, 'init'), kernelAgent, { mode: 0o755 });
  // Its modules are not where modprobe looks.
  mkdirSync(join(folder, 'lib'), { recursive: true });
  rmSync(join(folder, 'lib/modules'), { force: true });
  symlinkSync('/usr/lib/uml/modules', join(folder, 'lib/modules'));
  writeFileSync(join(folder, 'modprobe'), `#!/bin/sh\nexec /sbin/modprobe -d '${folder}' "$@"\n`, {
    mode: 0o755,
  });
}
