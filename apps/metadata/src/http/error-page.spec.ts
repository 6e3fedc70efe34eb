import { describe, expect, it } from 'vitest';
import { errorPage } from './error-page.js';

describe('an error page', () => {
  const html =
    '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n' +
    '  The resource could not be found.<br /><br />\n\n\n\n </body>\n</html>';

  it.each([
    { accept: '*/*', contentType: 'text/html; charset=UTF-8', body: html },
    { accept: 'text/html,application/json', contentType: 'text/html; charset=UTF-8', body: html },
    {
      accept: 'application/json',
      contentType: 'application/json',
      body: '{"message": "The resource could not be found.<br /><br />\\n\\n\\n", "code": "404 Not Found", "title": "Not Found"}',
    },
    {
      accept: '',
      contentType: 'text/plain; charset=UTF-8',
      body: '404 Not Found\n\nThe resource could not be found.\n\n   ',
    },
  ])('suits a client that accepts "$accept"', ({ accept, contentType, body }) => {
    const page = errorPage(404, accept);
    expect({ contentType: page.contentType, body: page.body.toString() }).toEqual({ contentType, body });
  });

  it('has 154 bytes for the most frequent error', () => {
    expect(errorPage(404, '*/*').body).toHaveLength(154);
  });
});
