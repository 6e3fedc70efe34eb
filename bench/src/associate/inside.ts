// The part of the benchmark that runs in the host's namespace, beside the servers: 127.0.0.1 is theirs. Takes its options
// as JSON, and answers with the result as JSON.
import { Interrupted, Terminal } from '../terminal/terminal.js';
import { runAssociateBenchmark } from './associate-benchmark.js';
import type { AssociateOptions } from './options.js';

// Whoever started it holds the other end, and is gone when that is closed.
process.stdin.on('end', () => process.exit(1)).resume();
const options: AssociateOptions = JSON.parse(process.argv[2] ?? '');
try {
  const result = await runAssociateBenchmark(options, new Terminal());
  process.stdout.write(JSON.stringify(result), () => process.exit());
} catch (error) {
  if (!(error instanceof Interrupted)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  process.exit(1);
}
