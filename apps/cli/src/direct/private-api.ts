import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliFailure } from '../cli-failure.error.js';
import { isRecord } from '../http/api-answers.js';
import type { ApiDoor } from '../http/send-request.js';

const program = fileURLToPath(new URL('../../../network-api/dist/private-main.js', import.meta.url));

/**
 * The network API, started for this command alone: on a socket that no other user can reach, with a token that nobody else
 * knows, until this process is gone. So there is one implementation of each rule.
 */
export class PrivateApi {
  private constructor(
    private readonly child: ChildProcess,
    readonly door: ApiDoor,
  ) {}

  /**
   * @param files configuration, the last counts most; none: the services' usual one
   * Throws CliFailure.
   */
  static async start(files: readonly string[], env: Readonly<NodeJS.ProcessEnv>): Promise<PrivateApi> {
    if (!existsSync(program))
      throw new CliFailure('refused', `${program} is missing: npm run build makes it.`);
    const args = files.flatMap((file) => ['--config-file', file]);
    const child = fork(program, args, {
      env: { ...env },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const heard = await Promise.race([firstMessage(child), endOf(child)]).catch((error: unknown) => {
      throw new CliFailure('refused', `The API of this machine cannot be started: ${String(error)}`);
    });
    if (isRecord(heard) && typeof heard['socketPath'] === 'string' && typeof heard['token'] === 'string') {
      const { socketPath, token } = heard;
      return new PrivateApi(child, { url: 'http://novanet', token, socketPath });
    }
    await endOf(child);
    const problems = isRecord(heard) && Array.isArray(heard['problems']) ? heard['problems'] : [];
    const outcome = isRecord(heard) && heard['isUnreachable'] === true ? 'unreachable' : 'refused';
    throw new CliFailure(outcome, problems.join('\n') || 'The API of this machine does not start.');
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await endOf(this.child);
  }
}

async function firstMessage(child: ChildProcess): Promise<unknown> {
  const [message]: unknown[] = await once(child, 'message');
  return message;
}

async function endOf(child: ChildProcess): Promise<undefined> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
