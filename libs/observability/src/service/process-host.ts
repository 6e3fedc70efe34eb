/** What running a service needs of the process it runs in. */
export interface ProcessHost {
  onSignal(listener: (signal: string) => void): void;
  onUncaught(listener: (error: unknown) => void): void;
  say(text: string): void;
  complain(text: string): void;
  exit(code: number): void;
}

export const thisProcess: ProcessHost = {
  onSignal: (listener) => {
    process.on('SIGTERM', listener);
    process.on('SIGINT', listener);
  },
  onUncaught: (listener) => {
    process.on('uncaughtException', listener);
    process.on('unhandledRejection', listener);
  },
  say: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  exit: (code) => process.exit(code),
};
