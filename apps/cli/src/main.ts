#!/usr/bin/env node
import { runCli } from './run-cli.js';
import { askOnTerminal, statusOnTerminal } from './terminal/terminal.js';

// The reader of a pipe may leave early (`novanet network list | head`): no reason for a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  ...(process.stdin.isTTY && { ask: askOnTerminal }),
  ...(process.stderr.isTTY && { status: statusOnTerminal }),
});
