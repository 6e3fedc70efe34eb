const SECRET_NAMES = 'auth_token|authToken|password|admin_pass|adminPass|secret|authorization|x-auth-token';

// A line may hold a long text that a stranger chose. So each run of characters is tried from its beginning only
// (the lookbehinds), never from every place within it: the time grows with the length, not with its square.

// In plain JSON, where a quote inside the value is \" …
const PLAIN_FIELD = new RegExp(`("(?:${SECRET_NAMES})":\\s*")[^"\\\\]*(?:\\\\.[^"\\\\]*)*"`, 'gi');
// … and in JSON that is itself a text within JSON (a message on the bus), where every quote is \" or \\\".
const QUOTED_FIELD = new RegExp(`((?<!\\\\)(\\\\{1,7})"(?:${SECRET_NAMES})\\2":\\s*\\2").*?(?=\\2")`, 'gi');
// Behind :// or a comma; the lookahead makes sure of the @ first.
const URL_PASSWORD =
  /(?<![^\s@/"])(?=[^\s@/"]*@)((?<=:\/\/)[^\s:@/"',]*|[^\s@/"]*?,[^\s:@/"',]*):[^\s@/"]*@/g;

/** Takes tokens and passwords out of a finished log line, however deep in it they are. */
export function redactSecrets(line: string): string {
  return line.replace(PLAIN_FIELD, '$1***"').replace(QUOTED_FIELD, '$1***').replace(URL_PASSWORD, '$1:***@');
}
