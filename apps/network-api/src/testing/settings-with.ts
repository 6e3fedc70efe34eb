import { loadSettings, type Settings } from '@novanet/config';

/** @param options by the names of their environment variables, without NOVANET_ */
export function settingsWith(options: Readonly<Record<string, string>>): Settings {
  const env = Object.entries(options).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]);
  return loadSettings({ argv: ['--config-file', '/dev/null'], env: Object.fromEntries(env), warn: () => {} });
}
