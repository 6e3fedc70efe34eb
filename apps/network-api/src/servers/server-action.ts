import type { Requester } from '../auth/requester.js';
import type { RuleName } from '../policy/default-rules.js';

/** What a requester wants done with a server. */
export interface ActionRequest {
  readonly by: Requester;
  /** As the path names the server. */
  readonly serverId: string;
  /** What stands beside the action's name. */
  readonly args: unknown;
}

/** An action of `POST /servers/{sid}/action`. */
export interface ServerAction {
  readonly rule: RuleName;
  readonly run: (wanted: ActionRequest) => Promise<void>;
}
