import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createNetwork, failureOf } from '../testing/requests.js';
import { tcpProxy } from './testing/tcp-proxy.js';
import { newRequestId, startCloud, type TestCloud } from './testing/test-cloud.js';

// nova: let any peer call any attribute of its manager.
test('only declared methods can be called', async () => {
  const cloud = await startCloud();
  await cloud.start('h1');
  const inner = [
    'init_host',
    'reset',
    '_get_dhcp_ip',
    '_setup_network_on_host',
    'periodic_tasks',
    'l3driver',
  ];
  const javascript = [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'allocateForInstance',
    'parts',
  ];
  for (const method of [...inner, ...javascript, '']) {
    expect
      .soft([method, await failureOf(cloud.call(method))])
      .toEqual([method, expect.stringMatching(/^NoSuchMethod|^UnsupportedVersion|^TypeError|^ValueError/)]);
  }
  const underscored = ['_rpc_allocate_fixed_ip', '_associate_floating_ip', '_disassociate_floating_ip'];
  for (const method of underscored) {
    expect(await failureOf(cloud.call(method))).toMatch(/^TypeError/);
  }
});

// nova: took a request off its queue before it had done anything, and lost it with the process.
test('a request whose worker dies before it answers is carried out by the next one, and answered once', async () => {
  const cloud = await startCloud();
  const lifeline = await tcpProxy(inject('amqpUrl'));
  const wish = cloud.wish('h1', { transport_url: lifeline.url });
  const dying = await cloud.start('h1', { options: wish.options });
  await createNetwork(cloud);
  const { promise: stuck, resolve: goOn } = Promise.withResolvers<void>();
  onTestFinished(() => goOn());
  dying.linux.stuck = stuck;
  const uuid = randomUUID();
  const replies = await request(cloud, uuid);
  const nics = () =>
    cloud.rows('SELECT mac, confirmed FROM virtual_interfaces WHERE instance_uuid = ?', [uuid]);
  await expect.poll(nics, { timeout: 5000 }).toMatchObject([{ confirmed: 0 }]);
  await lifeline.close();
  await cloud.start('h1');
  await expect.poll(() => replies, { timeout: 10_000 }).toHaveLength(1);
  // what the first one still does reaches nobody
  goOn();
  await dying.converge();
  const info = await cloud.call('get_instance_nw_info', { instance_id: uuid });
  expect(replies).toMatchObject([{ failure: null, result: info }]);
  expect(await nics()).toMatchObject([{ confirmed: 1 }]);
});

/** Sends the request as oslo.messaging does, to any worker; collects what comes back. */
async function request({ exchange, topic }: TestCloud, uuid: string): Promise<unknown[]> {
  const connection = await connect(inject('amqpUrl'));
  onTestFinished(() => connection.close());
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  const replies: unknown[] = [];
  await channel.consume(queue, (message) => {
    const envelope: unknown = JSON.parse(message?.content.toString() ?? '{}');
    replies.push(JSON.parse((envelope as { 'oslo.message': string })['oslo.message']));
  });
  const inner = {
    method: 'allocate_for_instance',
    args: { instance_id: uuid, project_id: 'p', host: 'h1', macs: null, vpn: false },
    version: '1.0',
    _unique_id: newRequestId(),
    _msg_id: newRequestId(),
    _reply_q: queue,
    _context_is_admin: true,
  };
  const body = { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) };
  const properties = { contentType: 'application/json', contentEncoding: 'utf-8' };
  channel.publish(exchange, topic, Buffer.from(JSON.stringify(body)), properties);
  return replies;
}
