/** What the user can choose. */
export interface AllocateOptions {
  /** Calls of each method, with each number of callers, in each network. */
  readonly calls: number;
  /** How many callers call at once; each number is measured by itself. */
  readonly callers: readonly number[];
  /** Prefix lengths. */
  readonly networks: readonly number[];
  /** How often everything is measured; the medians count. */
  readonly repeat: number;
}
