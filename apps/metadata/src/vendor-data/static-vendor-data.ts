import { readFileSync, statSync } from 'node:fs';
import type { Logger } from '@novanet/observability';
import type { Json } from '../tree/python-json.js';

/** The file that every instance finds as its vendor data (`vendordata_jsonfile_path`), read again when it changes. */
export class StaticVendorData {
  private known: { readonly stamp: string; readonly content: Json } | undefined;

  /** @param path null: no file, and an empty object for everybody */
  constructor(
    private readonly path: string | null,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** nova fails with every path of every instance when the file is missing or no JSON; here it is empty then. */
  read(): Json {
    if (this.path === null) return {};
    const stamp = stampOf(this.path);
    if (this.known?.stamp !== stamp) this.known = { stamp, content: this.load(this.path) };
    return this.known.content;
  }

  private load(path: string): Json {
    try {
      const content: Json = JSON.parse(readFileSync(path, 'utf8'));
      return content;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn({ path, reason }, 'vendor data cannot be read: instances get an empty object');
      return {};
    }
  }
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String(error);
  }
}
