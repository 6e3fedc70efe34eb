// The options of all services: read from nova.conf, flag files and the environment, checked and typed.
export { renderConfigurationPage } from './describe-options.js';
export { ConfigurationError, InformationRequested } from './errors.js';
export {
  checkConfiguration,
  configurationFolders,
  loadSettings,
  type ConfigurationSources,
} from './load-settings.js';
export type { Machine } from './machine.js';
export type { Settings } from './options.js';
