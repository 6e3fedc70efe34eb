import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@novanet/config';
import { createLogger } from '@novanet/observability';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { instance } from '../testing/instance-fixture.js';
import { VendorData } from './vendor-data.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  writeFileSync(join(folder, 'vendor.json'), '{"from": "file"}');
  return () => rmSync(folder, { recursive: true, force: true });
});

/** What a cloud with these providers and targets tells the instance, and what it writes down meanwhile. */
async function told(providers: string, asked: readonly string[]) {
  const lines: string[] = [];
  const log = createLogger('test', 'warn', { write: (line) => void lines.push(line) });
  const env = {
    NOVANET_VENDORDATA_PROVIDERS: providers,
    NOVANET_VENDORDATA_JSONFILE_PATH: join(folder, 'vendor.json'),
    NOVANET_VENDORDATA_DYNAMIC_TARGETS: asked.join(','),
  };
  const data = new VendorData(loadSettings({ argv: [], env, warn: () => {} }), log);
  const content = JSON.stringify(await data.of(instance, 'test'));
  return { content, warnings: lines.join('').match(/(?<="msg":")[^"]*/g) ?? [] };
}

/** Targets that say where they were asked, once so many questions have come. */
async function targets(count = 1): Promise<string> {
  const waiting: (() => void)[] = [];
  const answer = (path: string | undefined, response: ServerResponse) => {
    waiting.push(() => response.end(JSON.stringify({ from: path })));
    if (waiting.length >= count) for (const each of waiting) each();
  };
  const server = createServer((request, response) => answer(request.url, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('vendor data of several', () => {
  it.each([
    {
      providers: 'StaticJSON,DynamicJSON',
      content: '{"static":{"from":"file"},"b":{"from":"/b"},"a":{"from":"/a"}}',
    },
    {
      providers: 'DynamicJSON,StaticJSON',
      content: '{"b":{"from":"/b"},"a":{"from":"/a"},"static":{"from":"file"}}',
    },
  ])('come in the order of $providers, and of the targets', async ({ providers, content }) => {
    const url = await targets();
    expect(await told(providers, [`b@${url}/b`, `a@${url}/a`])).toEqual({ content, warnings: [] });
  });

  it('are asked for all at once: none waits for another', async () => {
    const url = await targets(3);
    const { content } = await told(
      'DynamicJSON',
      ['a', 'b', 'c'].map((name) => `${name}@${url}/${name}`),
    );
    expect(content).toBe('{"a":{"from":"/a"},"b":{"from":"/b"},"c":{"from":"/c"}}');
  });

  it.each([
    { providers: 'StaticJSON,DynamicJSON', content: '{"static":{"from":"file"}}' },
    { providers: 'DynamicJSON,StaticJSON', content: '{"static":{"from":"/x"}}' },
  ])(
    'of one name are those of the first, and it is written down: $providers',
    async ({ providers, content }) => {
      const url = await targets();
      expect(await told(providers, [`static@${url}/x`])).toEqual({
        content,
        warnings: ['a target of vendor data is called static, like the file: what comes first is told'],
      });
    },
  );

  it('are asked of one target of a name, and it is written down', async () => {
    const url = await targets();
    expect(await told('DynamicJSON', [`a@${url}/first@2`, `a@${url}/second`])).toEqual({
      content: '{"a":{"from":"/first@2"}}',
      warnings: ['two targets of vendor data have one name: the first is asked'],
    });
  });
});
