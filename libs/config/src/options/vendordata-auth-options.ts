import { option } from '../option.js';
import { optional, seconds } from '../option-types.js';
import { keystoneAccount } from './keystone-account.js';

const account = keystoneAccount(
  'vendordata_dynamic_auth',
  'Keystone, by whose tokens targets know this service (X-Auth-Token). Empty: they are asked without.',
);

/** Who the metadata service is for the targets of vendor data, by keystoneauth's names. */
export const vendordataAuthOptions = {
  vendordataAuthUrl: account.authUrl,
  vendordataAuthUsername: account.username,
  vendordataAuthUserId: account.userId,
  vendordataAuthPassword: account.password,
  vendordataAuthUserDomainName: account.userDomainName,
  vendordataAuthUserDomainId: account.userDomainId,
  vendordataAuthProjectName: account.projectName,
  vendordataAuthProjectId: account.projectId,
  vendordataAuthProjectDomainName: account.projectDomainName,
  vendordataAuthProjectDomainId: account.projectDomainId,
  vendordataAuthCafile: account.cafile,
  vendordataAuthInsecure: account.insecure,
  vendordataAuthTimeout: option(
    '[vendordata_dynamic_auth] timeout',
    optional(seconds),
    '',
    'Seconds Keystone may take to answer. Empty: as many as a target may.',
  ),
};
