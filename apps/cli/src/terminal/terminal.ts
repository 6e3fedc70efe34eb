import type { StatusLine } from './waiting-line.js';

/** An answer that does not come (Ctrl-D) is none. */
export async function askOnTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const dialog = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const { promise: end, resolve } = Promise.withResolvers<string>();
    dialog.once('close', () => {
      // what comes next does not stand behind the question
      process.stderr.write('\n');
      resolve('');
    });
    return await Promise.race([dialog.question(question), end]);
  } finally {
    dialog.close();
  }
}

/** Standard error, the cursor at the beginning of the line and the rest of it cleared. */
export const statusOnTerminal: StatusLine = {
  show: (text) => void process.stderr.write(`\r\u001b[K${text}`),
};
