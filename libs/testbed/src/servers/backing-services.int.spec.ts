import { connect } from 'amqplib';
import { createConnection } from 'mysql2/promise';
import { describe, expect, inject, it } from 'vitest';

import { createScratchDatabase } from './scratch-database.js';
import { uniqueExchange } from './scratch-exchange.js';

describe('the backing services of a test run', () => {
  it('give each test file an empty schema of its own, and drop it', async () => {
    const scratch = await createScratchDatabase(inject('databaseUrl'));
    const connection = await createConnection(scratch.url);
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB');
    const [tables] = await connection.query('SHOW TABLES');
    expect(tables).toHaveLength(1);
    await connection.end();
    await scratch.drop();
    await expect(createConnection(scratch.url)).rejects.toMatchObject({ code: 'ER_BAD_DB_ERROR' });
  });

  it('include a broker that carries a message', async () => {
    const connection = await connect(inject('amqpUrl'), { noDelay: true });
    const channel = await connection.createChannel();
    const exchange = uniqueExchange();
    await channel.assertExchange(exchange, 'topic', { autoDelete: true });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchange, '#');
    const arrived = new Promise<string>((resolve) => {
      void channel.consume(queue, (message) => resolve(message?.content.toString() ?? ''), { noAck: true });
    });
    channel.publish(exchange, 'x', Buffer.from('hello'));
    expect(await arrived).toBe('hello');
    await connection.close();
  });
});
