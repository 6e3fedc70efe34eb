import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';
import type { Finding } from './diagnosis.js';

const dead: Finding = {
  check: 'worker',
  host: 'h2',
  subject: 'h2',
  problem: 'its network worker is dead',
  explanation: 'nobody mends what breaks',
  command: null,
  safe: false,
};
const forwarding: Finding = {
  check: 'settings',
  host: 'h1',
  subject: 'net.ipv4.ip_forward',
  problem: 'it is 0, and not 1',
  explanation: 'nothing passes',
  command: 'sysctl -w net.ipv4.ip_forward=1',
  safe: true,
};
const checked = [
  { check: 'worker', host: 'h1', ok: true },
  { check: 'settings', host: 'h1', ok: false },
  { check: 'rules', host: 'h1', ok: true },
];

/** What the stand-in for the API was asked, and the findings that it answers with. */
let requests: string[];
let findings: Finding[];
let server: Server;
let url: string;

beforeEach(async () => {
  requests = [];
  findings = [];
  server = createServer((request, response) => {
    const record = async () => {
      requests.push(`${request.method} ${request.url} ${await text(request)}`.trim());
      const isFix = request.method === 'POST';
      if (isFix) findings = findings.filter(({ safe }) => !safe);
      const mended = [{ host: 'h1', stage: 'sysctl', subjects: ['net.ipv4.ip_forward'] }];
      response.end(JSON.stringify(isFix ? { mended, findings } : { findings, checked }));
    };
    void record();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function doctor(...args: string[]) {
  const out: string[] = [];
  const complaints: string[] = [];
  const exitCode = await runCli(['doctor', ...args], {
    env: { NOVANET_API_URL: url },
    print: (line) => out.push(line),
    complain: (line) => complaints.push(line),
  });
  return { exitCode, out: out.join('\n'), complaints: complaints.join('\n') };
}

it('says that all is well, and what it looked at', async () => {
  const { exitCode, out } = await doctor();
  expect({ exitCode, out }).toEqual({
    exitCode: 0,
    out: 'ok   h1: worker, rules\nFAIL h1: settings\nall is well',
  });
});

it('names the first thing that is wrong, its remedy, and how many others there are', async () => {
  findings = [forwarding, dead];
  const { exitCode, out, complaints } = await doctor();
  expect(exitCode).toBe(1);
  expect(out).toContain(
    'net.ipv4.ip_forward on h1: it is 0, and not 1\n     nothing passes\n     mend: sysctl -w net.ipv4.ip_forward=1',
  );
  expect(out).not.toContain('dead');
  expect(out).toContain('1 more finding (--all lists them)');
  expect(complaints).toBe('novanet: 2 things are wrong.');
});

it('shows as "?" what would move the cursor: a tenant names the instance', async () => {
  findings = [{ ...dead, subject: 'web\u001b[2J\nall is well' }];
  expect((await doctor()).out).toContain('web?[2J?all is well on h2: its network worker is dead');
});

it('names all with --all', async () => {
  findings = [forwarding, dead];
  const { out } = await doctor('--all');
  expect(out).toContain('h2: its network worker is dead\n     nobody mends what breaks');
  expect(out).not.toContain('--all lists them');
});

it('prints what the API said with --json', async () => {
  findings = [dead];
  const { exitCode, out } = await doctor('--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toEqual({ findings, checked });
});

it('mends what is safe with --fix, and says what', async () => {
  findings = [forwarding];
  const { exitCode, out, complaints } = await doctor('--fix', '--host', 'h1');
  expect(exitCode).toBe(0);
  expect(complaints).toContain('mended net.ipv4.ip_forward on h1 (sysctl)');
  expect(out).toContain('all is well');
  expect(requests).toEqual([
    'POST /v2.1/os-novanet-doctor/fix {"fix":{"host":"h1"}}',
    'GET /v2.1/os-novanet-doctor?host=h1',
  ]);
});

it.each([
  { words: ['web'], query: '?instance=web' },
  {
    words: ['8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11'],
    query: '?instance=8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11',
  },
  { words: ['203.0.113.5'], query: '?address=203.0.113.5' },
  { words: ['fd00::5'], query: '?address=fd00%3A%3A5' },
  { words: ['--host', 'h1'], query: '?host=h1' },
  { words: [], query: '' },
])('asks for $words', async ({ words, query }) => {
  await doctor(...words);
  expect(requests).toEqual([`GET /v2.1/os-novanet-doctor${query}`]);
});

it('looks at one thing only', async () => {
  expect(await doctor('web', '--host', 'h1')).toMatchObject({ exitCode: 2 });
  expect(requests).toEqual([]);
});
