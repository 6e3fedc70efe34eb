/** Where a database is, and who we are there. */
export interface DatabaseTarget {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly username: string;
  readonly password: string;
  readonly schema: string;
  /** File with the certificates to trust; given: the connection is encrypted. */
  readonly caFile: string | undefined;
}

/** The text of the `connection` option says no usable database. */
export class InvalidDatabaseUrl extends Error {
  constructor(reason: string) {
    super(`${reason}; write it as mysql://USER:PASSWORD@HOST:3306/SCHEMA`);
    this.name = 'InvalidDatabaseUrl';
  }
}

/**
 * Reads nova's form, `mysql+pymysql://nova:secret@10.0.0.5/nova?charset=utf8`, with SQLAlchemy's `unix_socket` and
 * `ssl_ca`. Other parameters speak to Python's driver and are passed over. Throws InvalidDatabaseUrl, which never shows
 * the password.
 */
export function parseDatabaseUrl(text: string): DatabaseTarget {
  // SQLAlchemy lets the host be missing beside a socket
  const complete = text.replace('@/', '@localhost/');
  if (!URL.canParse(complete)) throw new InvalidDatabaseUrl('the database connection is no URL');
  const url = new URL(complete);
  if (!/^(mysql|mariadb)(\+\w+)?:$/.test(url.protocol)) {
    throw new InvalidDatabaseUrl(
      `the database connection begins with ${url.protocol}, only MySQL and MariaDB are known`,
    );
  }
  const schema = decodeURIComponent(url.pathname.slice(1));
  if (!/^[A-Za-z0-9_$-]{1,64}$/.test(schema)) {
    throw new InvalidDatabaseUrl(`the database connection names no schema: "${schema}"`);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
    port: Number(url.port || 3306),
    socketPath: url.searchParams.get('unix_socket') ?? undefined,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    schema,
    caFile: url.searchParams.get('ssl_ca') ?? undefined,
  };
}
