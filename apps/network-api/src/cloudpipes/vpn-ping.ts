import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** OpenVPN's first word to a server, and what a server answers. */
const HARD_RESET_CLIENT = 0x38;
const HARD_RESET_SERVER = 0x40;
const SESSION_BYTES = 8;
const ANSWER_BYTES = 26;
/** Behind the server's own session and what it says it has received. */
const OUR_SESSION_AT = 14;

/** So long a VPN has to answer, as with nova. */
const TIMEOUT_MS = 50;

/** Whether an OpenVPN server answers there. */
export async function isVpnUp(address: string, port: number, timeoutMs = TIMEOUT_MS): Promise<boolean> {
  const session = randomBytes(SESSION_BYTES);
  const hello = Buffer.concat([Buffer.from([HARD_RESET_CLIENT]), session, Buffer.alloc(5)]);
  const socket = createSocket('udp4');
  try {
    socket.connect(port, address);
    await once(socket, 'connect');
    const heard = once(socket, 'message', { signal: AbortSignal.timeout(timeoutMs) });
    socket.send(hello);
    const [answer]: unknown[] = await heard;
    return answer instanceof Buffer && isAnswerTo(session, answer);
  } catch {
    // Nothing was heard in time, or a host says that there is nobody.
    return false;
  } finally {
    socket.close();
  }
}

function isAnswerTo(session: Buffer, answer: Buffer): boolean {
  const ours = answer.subarray(OUR_SESSION_AT, OUR_SESSION_AT + SESSION_BYTES);
  return answer.length === ANSWER_BYTES && answer[0] === HARD_RESET_SERVER && ours.equals(session);
}
