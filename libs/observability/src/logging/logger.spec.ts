import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from './logger.js';
import { nestOptions } from './nest-logger.js';
import { withRequestId } from './request-id.js';

function recordingLogger(level: LogLevel = 'trace') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => {
    const { time: _time, ...rest } = JSON.parse(line);
    lines.push(rest);
  };
  return { log: createLogger('novanet-test', level, { write }), lines };
}

describe('a log line', () => {
  it('is JSON with service, level, fields and phrase', () => {
    const { log, lines } = recordingLogger();
    log.info({ network: 'private', address: '10.0.0.3' }, 'fixed ip allocated');
    expect(lines).toEqual([
      {
        service: 'novanet-test',
        level: 'info',
        network: 'private',
        address: '10.0.0.3',
        msg: 'fixed ip allocated',
      },
    ]);
  });

  it('is dropped below the level', () => {
    const { log, lines } = recordingLogger('warn');
    log.info('quiet');
    log.warn('loud');
    expect(lines).toHaveLength(1);
  });

  it('carries the id of its request, also after waiting', async () => {
    const { log, lines } = recordingLogger();
    const request = async (id: string) =>
      withRequestId(id, async () => {
        await Promise.resolve();
        log.info(id);
      });
    await Promise.all([request('req-1'), request('req-2')]);
    log.info('outside');
    expect(lines.map((line) => [line['msg'], line['request_id']])).toEqual([
      ['req-1', 'req-1'],
      ['req-2', 'req-2'],
      ['outside', undefined],
    ]);
  });

  it('tells of an error with its cause and without secrets', () => {
    const { log, lines } = recordingLogger();
    const cause = new Error('connect mysql://nova:secret@db/nova');
    log.error({ error: new Error('no database', { cause }), context: { auth_token: 't' } }, 'request failed');
    expect(JSON.stringify(lines)).toMatch(/no database.*mysql:\/\/nova:\*\*\*@db/);
    expect(lines[0]).toMatchObject({ context: { auth_token: '***' } });
  });
});

describe('what NestJS reports', () => {
  it.each([
    {
      name: 'routine',
      call: 'log',
      args: ['Mapped route', 'RoutesResolver'],
      line: { level: 'debug', msg: 'Mapped route', context: 'RoutesResolver' },
    },
    {
      name: 'an error with stack',
      call: 'error',
      args: ['broken', 'at x', 'Explorer'],
      line: { level: 'error', msg: 'broken', context: 'Explorer', details: ['at x'] },
    },
    {
      name: 'an object',
      call: 'warn',
      args: [{ a: 1 }],
      line: { level: 'warn', msg: 'nest reports', data: { a: 1 } },
    },
  ] as const)('becomes a line of ours: $name', ({ call, args, line }) => {
    const { log, lines } = recordingLogger();
    const logger = nestOptions(log).logger;
    if (typeof logger !== 'object' || Array.isArray(logger)) throw new Error('no logger');
    const [message, ...parameters] = args;
    logger[call](message, ...parameters);
    expect(lines).toEqual([{ service: 'novanet-test', ...line }]);
  });
});
