const SECRET_NAMES = 'auth_token|authToken|password|admin_pass|adminPass|secret|authorization|x-auth-token';

// In plain JSON, where a quote inside the value is \" …
const PLAIN_FIELD = new RegExp(`("(?:${SECRET_NAMES})":\\s*")(?:[^"\\\\]|\\\\.)*"`, 'gi');
// … and in JSON that is itself a text within JSON (a message on the bus), where every quote is \" or \\\".
const QUOTED_FIELD = new RegExp(`((\\\\+)"(?:${SECRET_NAMES})\\2":\\s*\\2").*?(?=\\2")`, 'gi');
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/|,)([^\s:@/"',]*):[^\s@/"]*@/gi;

/** Takes tokens and passwords out of a finished log line, however deep in it they are. */
export function redactSecrets(line: string): string {
  return line
    .replace(PLAIN_FIELD, '$1***"')
    .replace(QUOTED_FIELD, '$1***')
    .replace(URL_PASSWORD, '$1$2:***@');
}
