import type { PasswordOutcome } from '@novanet/ipam';

/** What an instance leaves for its owner: once, and never remembered here. Everything throws DatabaseUnavailable. */
export interface PasswordStore {
  /** Empty: there is none. */
  password(uuid: string): Promise<string>;
  leavePassword(uuid: string, password: string): Promise<PasswordOutcome>;
}
