import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CliContext } from '../command-tools.js';
import { runCli } from '../run-cli.js';

/** What a command line came to. */
export interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly complaints: string;
}

/** Stands in for the API: answers what it was told to, and remembers what it was asked. */
export class StandInApi {
  /** "POST /v2.1/os-networks", and what came with it. */
  readonly requests: { readonly line: string; readonly body: unknown; readonly token: string }[] = [];
  private readonly held = new Map<string, Promise<void>>();
  private readonly answers = new Map<string, { readonly status: number; readonly body: string }>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<StandInApi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const api = new StandInApi(server, `http://127.0.0.1:${address.port}`);
    server.on('request', (request, response) => {
      const line = `${request.method} ${request.url}`;
      const { status, body } = api.answers.get(line) ?? { status: 404, body: '<html>Not found</html>' };
      const record = async () => {
        const sent = await text(request);
        const token = String(request.headers['x-auth-token']);
        api.requests.push({ line, body: sent === '' ? undefined : JSON.parse(sent), token });
        await api.held.get(line);
        response.writeHead(status).end(body);
      };
      void record();
    });
    return api;
  }

  /** @param body a text is sent as it is */
  answer(line: string, status: number, body?: unknown): void {
    this.answers.set(line, { status, body: typeof body === 'string' ? body : (JSON.stringify(body) ?? '') });
  }

  /** Keeps the answer back until then. */
  hold(line: string, until: Promise<void>): void {
    this.held.set(line, until);
  }

  /** Requests that change something. */
  get changes(): readonly { readonly line: string; readonly body: unknown }[] {
    return this.requests
      .filter(({ line }) => !line.startsWith('GET '))
      .map(({ line, body }) => ({ line, body }));
  }

  /** One command line against it. */
  async run(args: readonly string[], context: Partial<CliContext> = {}): Promise<Outcome> {
    const out: string[] = [];
    const complaints: string[] = [];
    const exitCode = await runCli(args, {
      env: { NOVANET_API_URL: this.url },
      print: (line) => out.push(line),
      complain: (line) => complaints.push(line),
      ...context,
    });
    return { exitCode, out: out.join('\n'), complaints: complaints.join('\n') };
  }

  /** The command line as one would type it. */
  type(line: string): Promise<Outcome> {
    return this.run(line.split(' ').filter((word) => word !== ''));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
