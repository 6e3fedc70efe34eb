import { option, type Option, type OptionType } from '../option.js';
import { absolutePath, boolean, label, optional, seconds, secret } from '../option-types.js';
import { httpUrl } from '../url-types.js';

/** Who the metadata service is for the targets of vendor data, by keystoneauth's names. */
export const vendordataAuthOptions = {
  vendordataAuthUrl: auth(
    'auth_url',
    optional(httpUrl),
    '',
    'Keystone, by whose tokens targets know this service (X-Auth-Token). Empty: they are asked without.',
  ),
  vendordataAuthUsername: auth('username', optional(label), '', 'Whose token it is.'),
  vendordataAuthUserId: auth('user_id', optional(label), '', 'The same by id, in place of username.'),
  vendordataAuthPassword: auth('password', optional(secret), '', 'The password of that user.'),
  vendordataAuthUserDomainName: auth(
    'user_domain_name',
    optional(label),
    '',
    "The user's domain. Without name and id: the one whose id is default.",
  ),
  vendordataAuthUserDomainId: auth(
    'user_domain_id',
    optional(label),
    '',
    'The same by id, in place of user_domain_name.',
  ),
  vendordataAuthProjectName: auth(
    'project_name',
    optional(label),
    '',
    "The project that the token is for. Without name and id: the user's own.",
  ),
  vendordataAuthProjectId: auth(
    'project_id',
    optional(label),
    '',
    'The same by id, in place of project_name.',
  ),
  vendordataAuthProjectDomainName: auth(
    'project_domain_name',
    optional(label),
    '',
    "The project's domain. Without name and id: the one whose id is default.",
  ),
  vendordataAuthProjectDomainId: auth(
    'project_domain_id',
    optional(label),
    '',
    'The same by id, in place of project_domain_name.',
  ),
  vendordataAuthCafile: auth(
    'cafile',
    optional(absolutePath),
    '',
    'Certificates that Keystone is checked with. Empty: those of the system.',
  ),
  vendordataAuthInsecure: auth('insecure', boolean, 'false', 'Keystone is not checked at all.'),
  vendordataAuthTimeout: auth(
    'timeout',
    optional(seconds),
    '',
    'Seconds Keystone may take to answer. Empty: as many as a target may.',
  ),
};

function auth<T>(name: string, type: OptionType<T>, defaultValue: string, help: string): Option<T> {
  return option(`[vendordata_dynamic_auth] ${name}`, type, defaultValue, help);
}
