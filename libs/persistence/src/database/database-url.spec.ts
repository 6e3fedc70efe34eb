import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from './database-url.js';

const target = {
  host: '10.0.0.5',
  port: 3306,
  socketPath: undefined,
  username: 'nova',
  password: 'secret',
  schema: 'nova',
  caFile: undefined,
};

describe('the database connection', () => {
  test.each([
    { text: 'mysql://nova:secret@10.0.0.5/nova', is: target },
    { text: 'mysql+pymysql://nova:secret@10.0.0.5:3307/nova?charset=utf8', is: { ...target, port: 3307 } },
    {
      text: 'mariadb://nova:p%40ss%2F@[fd00::5]/nova',
      is: { ...target, host: 'fd00::5', password: 'p@ss/' },
    },
    {
      text: 'mysql://nova:secret@/nova?unix_socket=/run/db.sock',
      is: { ...target, host: 'localhost', socketPath: '/run/db.sock' },
    },
    {
      text: 'mysql://nova:secret@localhost/nova?unix_socket=/run/db.sock',
      is: { ...target, host: 'localhost', socketPath: '/run/db.sock' },
    },
    {
      text: 'mysql://nova:secret@10.0.0.5/nova?ssl_ca=/etc/ca.pem',
      is: { ...target, caFile: '/etc/ca.pem' },
    },
  ])('$text', ({ text, is }) => {
    expect(parseDatabaseUrl(text)).toEqual(is);
  });

  test.each([
    { text: 'nonsense', says: 'the database connection is no URL' },
    {
      text: 'sqlite:///nova.db',
      says: 'the database connection begins with sqlite:, only MySQL and MariaDB are known',
    },
    { text: 'mysql://nova:secret@10.0.0.5', says: 'the database connection names no schema: ""' },
    { text: 'mysql://nova:secret@10.0.0.5/a`b', says: 'the database connection names no schema: "a`b"' },
  ])('$text is refused', ({ text, says }) => {
    expect(() => parseDatabaseUrl(text)).toThrow(
      `${says}; write it as mysql://USER:PASSWORD@HOST:3306/SCHEMA`,
    );
  });
});
