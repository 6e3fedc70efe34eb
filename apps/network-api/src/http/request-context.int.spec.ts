import { NestFactory } from '@nestjs/core';
import { createLogger, nestOptions } from '@novanet/observability';
import { expect, it } from 'vitest';
import { requestContext } from './request-context.js';

class NoRoutesModule {
  readonly routes = [];
}

it('the log has the beginning of a long URL, not all of it', async () => {
  const urls: string[] = [];
  const write = (line: string) => {
    const { msg, url } = JSON.parse(line);
    if (msg === 'request answered') urls.push(String(url));
  };
  const quiet = nestOptions(createLogger('test', 'fatal'));
  const app = await NestFactory.create(NoRoutesModule, quiet);
  try {
    app.use(requestContext(createLogger('test', 'debug', { write })));
    await app.listen(0, '127.0.0.1');
    for (const path of ['/short', `/${'a'.repeat(8000)}`]) await fetch(`${await app.getUrl()}${path}`);
    await expect.poll(() => urls).toEqual(['/short', `/${'a'.repeat(499)}`]);
  } finally {
    await app.close();
  }
});
