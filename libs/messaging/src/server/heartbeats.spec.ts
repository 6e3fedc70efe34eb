import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { parseRequest } from '../wire/request.js';
import { startHeartbeats } from './heartbeats.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

it.each([
  { asked: 1, afterMs: 5_000, beats: 10 },
  { asked: 60, afterMs: 60_000, beats: 2 },
  { asked: 4_294_967, afterMs: 60_000, beats: 0 },
  { asked: 4_294_970, afterMs: 60_000, beats: 0 },
  { asked: 1e300, afterMs: 60_000, beats: 0 },
  { asked: 0.9, afterMs: 60_000, beats: 0 },
  { asked: -1, afterMs: 60_000, beats: 0 },
  { asked: null, afterMs: 60_000, beats: 0 },
])('a caller that asks for $asked s gets $beats in $afterMs ms', ({ asked, afterMs, beats }) => {
  let sent = 0;
  const heartbeat = async () => {
    sent += 1;
  };
  const request = parseRequest({ method: 'echo', _msg_id: 'm1', _reply_q: 'reply_1', _timeout: asked });
  const stop = startHeartbeats(request, { heartbeat }, log);
  vi.advanceTimersByTime(afterMs);
  stop();
  expect(sent).toBe(beats);
  vi.advanceTimersByTime(afterMs);
  expect(sent).toBe(beats);
});
