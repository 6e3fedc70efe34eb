/** What the user can choose. */
export interface AssociateOptions {
  /** Calls of each method, with each number of callers, at each size. */
  readonly calls: number;
  /** How many callers call at once; each number is measured by itself. */
  readonly callers: readonly number[];
  /** How many floating IPs are associated already. */
  readonly sizes: readonly number[];
  readonly restart: RestartOptions;
}

interface RestartOptions {
  readonly instances: number;
  readonly floatingIps: number;
  /** How often the worker is restarted; the median counts. */
  readonly times: number;
}
