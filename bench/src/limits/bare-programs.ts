// Runs programs and nothing else: what they cost whoever starts them. Reads a BareJob from stdin, answers a BareAnswer.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

interface Program {
  readonly argv: readonly string[];
  readonly input?: string;
}

export interface BareJob {
  readonly times: number;
  readonly setUp: readonly Program[];
  /** One after the other, each time. */
  readonly measured: readonly Program[];
  /** What puts everything back, and is not measured. */
  readonly undo: readonly Program[];
}

/** Milliseconds of each program, each time. */
export type BareAnswer = readonly (readonly number[])[];

async function run({ argv: [program = '', ...args], input = '' }: Program): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const complaint = text(child.stderr);
  // A program that does not read its input is no error of ours.
  child.stdin.on('error', () => undefined).end(input);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const took = performance.now() - started;
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}: ${await complaint}`);
  return took;
}

async function runAll(programs: readonly Program[]): Promise<number[]> {
  const took: number[] = [];
  for (const program of programs) took.push(await run(program));
  return took;
}

const job: BareJob = JSON.parse(await text(process.stdin));
await runAll(job.setUp);
const rounds: number[][] = [];
for (let time = 0; time < job.times; time += 1) {
  rounds.push(await runAll(job.measured));
  await runAll(job.undo);
}
const answer: BareAnswer = job.measured.map((_, index) => rounds.map((round) => round[index] ?? NaN));
process.stdout.write(JSON.stringify(answer));
