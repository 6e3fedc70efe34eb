import { STATUS_CODES } from 'node:http';
import { pythonJson } from '../tree/python-json.js';

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 429 | 500 | 503;

const EXPLANATIONS: Readonly<Record<ErrorStatus, string>> = {
  400: 'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  401:
    'This server could not verify that you are authorized to access the document you requested.  Either you supplied the wrong ' +
    'credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.',
  403: 'Access was denied to this resource.',
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  409: 'There was a conflict when trying to complete your request.',
  429: 'Too many requests: ask again later.',
  500: 'An unknown error has occurred. Please try your request again.',
  503: 'The server is currently unavailable. Please try again at a later time.',
};

export interface ErrorPage {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The pages of WebOb, on which nova's metadata service is built. */
export function errorPage(
  status: ErrorStatus,
  accept: string,
  explanation = EXPLANATIONS[status],
): ErrorPage {
  const reason = STATUS_CODES[status] ?? '';
  const title = `${status} ${reason}`;
  const page = (contentType: string, text: string) => ({ contentType, body: Buffer.from(text) });
  if (/text\/html|\*\/\*/.test(accept)) {
    const head = ` <head>\n  <title>${title}</title>\n </head>`;
    const body = ` <body>\n  <h1>${title}</h1>\n  ${explanation}<br /><br />\n\n\n\n </body>`;
    return page('text/html; charset=UTF-8', `<html>\n${head}\n${body}\n</html>`);
  }
  if (accept.includes('application/json')) {
    const message = `${explanation}<br /><br />\n\n\n`;
    return page('application/json', pythonJson({ message, code: title, title: reason }));
  }
  return page('text/plain; charset=UTF-8', `${title}\n\n${explanation}\n\n   `);
}
