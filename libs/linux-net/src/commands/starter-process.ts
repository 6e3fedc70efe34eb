// A process of its own that starts programs for another one and ends with it: see ProgramStarter.
import type { StarterMessage, StarterOrder } from './program-starter.js';
import type { startProgram } from './start-program.js';

// Also as it stands in the sources, where tests start it.
const path = import.meta.url.endsWith('.ts') ? './start-program.ts' : './start-program.js';
const program: { readonly startProgram: typeof startProgram } = await import(path);

process.title = 'novanet-program-starter';
// Whoever ends us all by Ctrl-C ends the worker, and that closes the channel.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
const awaited = new Map<number, (stdin: string) => void>();

process.on('message', ({ id, start, stdin }: StarterOrder) => {
  if (!start) {
    awaited.get(id)?.(stdin ?? '');
    awaited.delete(id);
    return;
  }
  const tell = (message: StarterMessage) => process.send?.(message);
  const input = stdin ?? new Promise<string>((resolve) => awaited.set(id, resolve));
  void program.startProgram(start, input, (pid) => tell({ id, pid })).then((ending) => tell({ id, ending }));
});
