import { randomUUID } from 'node:crypto';
import { describeError } from '@novanet/contracts';
import { OsloBroker, OsloClient, OsloServer } from '@novanet/messaging';
import { parseHostName } from '@novanet/net-address';
import { createLogger } from '@novanet/observability';
import { uniqueExchange, waitFor } from '@novanet/testbed';
import { expect, inject, it, onTestFinished } from 'vitest';
import { PeerComputeHosts } from './peer-compute-hosts.js';

const log = createLogger('test', 'fatal');
const compute1 = parseHostName('compute1');
const METHOD = 'refresh_instance_security_rules';
const REFRESH = 'refresh_filters';

it('tells the worker, and the compute service of instances whose number it told', async () => {
  const controlExchange = uniqueExchange();
  const broker = new OsloBroker({
    transportUrl: inject('amqpUrl'),
    serviceName: 'test',
    controlExchange,
    log,
  });
  const heard: unknown[] = [];
  const compute = new OsloServer({
    broker,
    topic: 'compute',
    host: 'compute1',
    version: '4.4',
    describeError,
  });
  const hear = async (args: unknown) => void heard.push(args);
  compute.addHandler(METHOD, hear, false, { rpcMethod: METHOD, rpcNamespace: null });
  await new Promise<void>((resolve, reject) => {
    compute.listen((error: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
  onTestFinished(() => compute.close());
  let refreshed = 0;
  const worker = new OsloServer({
    broker,
    topic: 'network',
    host: 'compute1',
    version: '1.0',
    describeError,
  });
  const hearWorker = async () => void (refreshed += 1);
  worker.addHandler(REFRESH, hearWorker, false, { rpcMethod: REFRESH, rpcNamespace: 'novanet' });
  await new Promise<void>((resolve, reject) => {
    worker.listen((error: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
  onTestFinished(() => worker.close());
  const client = new OsloClient({ broker, timeoutMs: 10_000 });
  onTestFinished(() => client.close());
  const reference = (computeId: number | null) => ({
    computeId,
    uuid: randomUUID(),
    host: compute1,
    projectId: 'p1',
    userId: null,
  });
  const known = reference(42);
  const hosts = new PeerComputeHosts(client, { host: parseHostName('h1'), networkTopic: 'network' });
  await hosts.refreshSecurityRules(compute1, [reference(null), known]);
  await waitFor(() => heard.length > 0 && refreshed === 1, { limitMs: 5000, what: 'both are told' });
  await hosts.refreshFilters(compute1);
  await hosts.refreshAllFilters();
  await waitFor(() => refreshed === 3, { limitMs: 5000, what: 'the worker is told alone, and among all' });
  const { uuid } = known;
  expect(heard).toEqual([
    {
      instance: expect.objectContaining({
        'nova_object.data': { id: 42, uuid, host: 'compute1', project_id: 'p1', user_id: null },
      }),
    },
  ]);
});
