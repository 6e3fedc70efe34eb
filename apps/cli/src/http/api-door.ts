import { accessSync, constants } from 'node:fs';
import { CliFailure } from '../cli-failure.error.js';
import type { PrivateApi } from '../direct/private-api.js';
import type { ApiDoor } from './send-request.js';

const DEFAULT_URL = 'http://127.0.0.1:8774';
/** What the services read when no file is named. */
const DEFAULT_FILE = '/etc/novanet/novanet.conf';

export interface Where {
  readonly apiUrl?: string;
  readonly configFile?: readonly string[];
}

/**
 * Finds the API to ask. Named by its address, it is asked over the network, with a token. Who may read the services'
 * configuration needs neither: an API of his own is started for the one command.
 */
export class Doors {
  private own: PrivateApi | undefined;

  constructor(
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly defaultFile: string = DEFAULT_FILE,
  ) {}

  /** Throws CliFailure. */
  async open({ apiUrl, configFile = [] }: Where): Promise<ApiDoor> {
    if (apiUrl !== undefined && configFile.length > 0) {
      throw new CliFailure(
        'usage',
        '--api-url asks that API, --config-file asks none: only one can be meant.',
      );
    }
    if (apiUrl === undefined && (configFile.length > 0 || this.isOnController())) {
      const { PrivateApi: Own } = await import('../direct/private-api.js');
      this.own ??= await Own.start(configFile, this.env);
      return this.own.door;
    }
    const url = apiUrl ?? (this.env['NOVANET_API_URL'] || DEFAULT_URL);
    return { url: parseApiUrl(url), token: this.env['NOVANET_TOKEN'] || 'admin:admin' };
  }

  /** Once nothing is asked any more. */
  async close(): Promise<void> {
    await this.own?.stop();
  }

  /** Who names an address or shows a token wants to ask an API. */
  private isOnController(): boolean {
    if (this.env['NOVANET_API_URL'] || this.env['NOVANET_TOKEN']) return false;
    try {
      accessSync(this.defaultFile, constants.R_OK);
      return true;
    } catch {
      return false;
    }
  }
}

/** The address without a slash at its end; of an endpoint of Keystone, without the version. Throws CliFailure. */
function parseApiUrl(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    const example = 'http://127.0.0.1:8774';
    throw new CliFailure(
      'usage',
      `"${text}" is not the address of an API: --api-url takes one like ${example}.`,
    );
  }
  return text.replace(/(\/v2(\.1)?)?\/*$/, '');
}
