import type { OptionType } from './option.js';

/** SQLAlchemy's notation for MySQL and MariaDB, `mysql+pymysql://nova:secret@db/nova`; kept as text for persistence. */
export const databaseUrl: OptionType<string> = {
  name: 'database URL (mysql://user:password@host:port/database)',
  isRepeatable: false,
  meansDefault: (text) => text === '',
  read(value) {
    const url = /^(mysql|mariadb)(\+\w+)?:\/\//.test(value) ? URL.parse(value) : null;
    // The text may hold a password, so it is not repeated.
    if (!url || url.pathname.length < 2) throw new Error(`the text is not a ${this.name}`);
    return value;
  },
};

/** oslo.messaging's notation, several brokers separated by commas; kept as text for the messaging layer. */
export const transportUrl: OptionType<string> = {
  name: 'transport URL (rabbit://user:password@host:5672/vhost)',
  isRepeatable: false,
  meansDefault: (text) => text === '',
  read(value) {
    if (!/^(rabbit|kombu|amqps?):\/\/\S*$/.test(value)) throw new Error(`the text is not a ${this.name}`);
    return value;
  },
};

/** A service that is asked for vendor data, and the name its answer gets. */
export interface VendordataTarget {
  readonly name: string;
  readonly url: string;
}

export const vendordataTarget: OptionType<VendordataTarget> = {
  name: 'name and address (name@http://host/path)',
  isRepeatable: false,
  meansDefault: (text) => text === '',
  read(value) {
    const [, name, url = ''] = /^([^@\s]+)@(https?:\/\/\S+)$/.exec(value) ?? [];
    // An address may hold a password, so the text is not repeated.
    if (name === undefined || !URL.canParse(url)) throw new Error(`the text is not a ${this.name}`);
    return { name, url };
  },
};

/** A service that is asked over HTTP; kept as text. */
export const httpUrl: OptionType<string> = {
  name: 'address (http://host:port)',
  isRepeatable: false,
  meansDefault: (text) => text === '',
  read(value) {
    if (!/^https?:\/\//.test(value) || !URL.canParse(value))
      throw new Error(`the text is not an ${this.name}`);
    return value;
  },
};
