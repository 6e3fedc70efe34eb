import { expect, test } from 'vitest';
import { ownServers } from './own-servers.js';

const broker = { what: 'broker', host: '10.0.0.50', port: 5672 };
const transportUrl = 'rabbit://nova:secret@10.0.0.50/';

test.each([
  {
    name: 'one of each, with the usual ports',
    urls: { transportUrl, databaseConnection: 'mysql+pymysql://nova:secret@db.example/nova' },
    servers: [broker, { what: 'database', host: 'db.example', port: 3306 }],
  },
  {
    name: 'several brokers, over IPv6 too',
    urls: {
      transportUrl: 'rabbit://nova:secret@10.0.0.50,nova:secret@[2001:db8::5]:5673/nova',
      databaseConnection: 'mysql://nova:secret@[2001:db8::6]:3307/nova',
    },
    servers: [
      broker,
      { what: 'broker', host: '2001:db8::5', port: 5673 },
      { what: 'database', host: '2001:db8::6', port: 3307 },
    ],
  },
  {
    name: 'a database that is reached without the network',
    urls: { transportUrl, databaseConnection: 'mysql://nova:secret@/nova?unix_socket=/run/db.sock' },
    servers: [broker],
  },
])('the servers of a worker: $name', ({ urls, servers }) => {
  expect(ownServers(urls)).toEqual(servers);
});
