import { STATUS_CODES } from 'node:http';
import { pythonJson } from '../tree/python-json.js';

export type ErrorStatus = 404 | 405 | 500 | 503;

const EXPLANATIONS: Readonly<Record<ErrorStatus, string>> = {
  404: 'The resource could not be found.',
  405: 'The method is not allowed for this resource.',
  500: 'An unknown error has occurred. Please try your request again.',
  503: 'The server is currently unavailable. Please try again at a later time.',
};

export interface ErrorPage {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The pages of WebOb, on which nova's metadata service is built. */
export function errorPage(status: ErrorStatus, accept: string): ErrorPage {
  const reason = STATUS_CODES[status] ?? '';
  const title = `${status} ${reason}`;
  const explanation = EXPLANATIONS[status];
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
