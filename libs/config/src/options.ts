import type { Option } from './option.js';
import { hostOptions } from './options/host-options.js';
import { listeningOptions } from './options/listening-options.js';
import { messagingOptions } from './options/messaging-options.js';
import { networkOptions } from './options/network-options.js';
import { processOptions } from './options/process-options.js';

/** Every option there is, by the name of its field in Settings. */
export const OPTIONS = {
  ...processOptions,
  ...messagingOptions,
  ...networkOptions,
  ...hostOptions,
  ...listeningOptions,
};

/** The chapters of the documentation. */
export const OPTION_CHAPTERS = [
  { title: 'Process and database', options: processOptions },
  { title: 'Messages', options: messagingOptions },
  { title: 'Networks', options: networkOptions },
  { title: 'Host', options: hostOptions },
  { title: 'Where services listen', options: listeningOptions },
] as const;

type ValueOf<Row> = Row extends Option<infer T> ? T : never;

/** The configuration, parsed: one camelCase field for each option. */
export type Settings = { readonly [Key in keyof typeof OPTIONS]: ValueOf<(typeof OPTIONS)[Key]> };
