import { formerly, option, type Option, type OptionType } from '../option.js';
import { absolutePath, boolean, label, optional, secret } from '../option-types.js';
import { httpUrl } from '../url-types.js';

/**
 * Who a service is for Keystone, by keystoneauth's names.
 * @param group the section they stand in
 * @param authUrlHelp what Keystone is asked for, and what happens without it
 */
export function keystoneAccount(group: string, authUrlHelp: string) {
  /** @param earlier names that keystonemiddleware had for it, in the same section */
  const row = <T>(
    name: string,
    type: OptionType<T>,
    defaultValue: string,
    help: string,
    ...earlier: readonly string[]
  ): Option<T> =>
    option(
      `[${group}] ${name}`,
      type,
      defaultValue,
      help,
      formerly(...earlier.map((each) => `[${group}] ${each}`)),
    );
  const isOfRequests = group === 'keystone_authtoken';
  const earlier = (name: string) => (isOfRequests ? [name] : []);
  const text = optional(label);
  const usual = 'Without name and id: the one whose id is default.';
  return {
    authUrl: row('auth_url', optional(httpUrl), '', authUrlHelp, ...earlier('identity_uri')),
    username: row('username', text, '', 'Whose token it is.', ...earlier('admin_user')),
    userId: row('user_id', text, '', 'The same by id, in place of username.'),
    password: row(
      'password',
      optional(secret),
      '',
      'The password of that user.',
      ...earlier('admin_password'),
    ),
    userDomainName: row('user_domain_name', text, '', `The user's domain. ${usual}`),
    userDomainId: row('user_domain_id', text, '', 'The same by id, in place of user_domain_name.'),
    projectName: row(
      'project_name',
      text,
      '',
      "The project that the token is for. Without name and id: the user's own.",
      ...earlier('admin_tenant_name'),
    ),
    projectId: row('project_id', text, '', 'The same by id, in place of project_name.'),
    projectDomainName: row('project_domain_name', text, '', `The project's domain. ${usual}`),
    projectDomainId: row('project_domain_id', text, '', 'The same by id, in place of project_domain_name.'),
    cafile: row(
      'cafile',
      optional(absolutePath),
      '',
      'Certificates that Keystone is checked with. Empty: those of the system.',
    ),
    insecure: row('insecure', boolean, 'false', 'Keystone is not checked at all.'),
  };
}
