import { managerTraits } from '@novanet/network-managers';
import { NoAuth } from '../auth/no-auth.js';
import { PolicyBook } from '../policy/policy-book.js';
import { standardLimits } from './standard-limits.js';

/** What an API is made of besides its database and workers: that of a cloud where nothing was configured but noauth2. */
export const standardParts = {
  authenticator: new NoAuth(),
  policies: new PolicyBook(),
  traits: managerTraits({ networkManager: 'FlatDHCPManager', cntVpnClients: 0, ipv6Backend: 'rfc2462' }),
  limits: standardLimits,
  serviceDownTime: 60,
};
