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
process.on('message', ({ id, start }: StarterOrder) => {
  const tell = (message: StarterMessage) => process.send?.(message);
  void program.startProgram(start, (pid) => tell({ id, pid })).then((ending) => tell({ id, ending }));
});
