import { loadSettings } from '@novanet/config';
import { createLogger, type Logger } from '@novanet/observability';
import { VendorData } from '../vendor-data/vendor-data.js';

/** @param options by the names of their environment variables, without NOVANET_ */
export function vendorDataWith(
  options: Readonly<Record<string, string>>,
  log: Logger = createLogger('test', 'fatal'),
): VendorData {
  const env = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]),
  );
  return new VendorData(loadSettings({ argv: [], env, warn: () => {} }), log);
}
