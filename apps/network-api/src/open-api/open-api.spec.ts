import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { InstanceRegistrationDto } from '@novanet/contracts';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { createLogger } from '@novanet/observability';
import { getMetadataStorage } from 'class-validator';
import * as prettier from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../create-app.js';
import { CloudDatabase } from '../database/cloud-database.js';
import { NetworkWorkers } from '../workers/network-workers.js';
import { describeApi } from './open-api.js';
import { standardParts } from '../testing/standard-parts.js';
import { schemas } from './schemas.js';

const checkedIn = `${import.meta.dirname}/../../../../docs/openapi.json`;
const log = createLogger('test', 'fatal');
let app: INestApplication;
let document: OpenAPIObject;

/** Assembled, but neither listening nor connected to anything. */
beforeAll(async () => {
  const broker = new OsloBroker({ transportUrl: 'rabbit://127.0.0.1:1/', serviceName: 'test', log });
  const workers = new NetworkWorkers(new OsloClient({ broker }), 'network');
  const database = new CloudDatabase('mysql://127.0.0.1:1/none', log);
  app = await createApp({ database, workers, ...standardParts }, log);
  document = describeApi(app, '0.1.0');
});

afterAll(() => app.close());

describe('the description of the API', () => {
  it('is the one in docs/openapi.json (npx vitest run -u apps/network-api writes it anew)', async () => {
    const settings = await prettier.resolveConfig(checkedIn);
    const text = await prettier.format(JSON.stringify(document), { ...settings, parser: 'json' });
    await expect(text).toMatchFileSnapshot(checkedIn);
  });

  it('names every route', () => {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'DELETE /v1/instances/{uuid}',
      'DELETE /v1/instances/{uuid}/password',
      'DELETE /v2.1/os-floating-ip-dns/{domain}',
      'DELETE /v2.1/os-floating-ip-dns/{domain}/entries/{name}',
      'DELETE /v2.1/os-floating-ips/{id}',
      'DELETE /v2.1/os-networks/{uuid}',
      'DELETE /v2.1/os-novanet-pools/{name}',
      'DELETE /v2.1/os-quota-sets/{project}',
      'DELETE /v2.1/os-security-group-default-rules/{id}',
      'DELETE /v2.1/os-security-group-rules/{id}',
      'DELETE /v2.1/os-security-groups/{id}',
      'DELETE /v2.1/os-services/{id}',
      'DELETE /v2.1/os-tenant-networks/{uuid}',
      'GET /',
      'GET /health/live',
      'GET /health/ready',
      'GET /metrics',
      'GET /v1/instances/{uuid}',
      'GET /v1/instances/{uuid}/password',
      'GET /v1/services',
      'GET /v2',
      'GET /v2.1',
      'GET /v2.1/extensions',
      'GET /v2.1/extensions/{alias}',
      'GET /v2.1/limits',
      'GET /v2.1/os-cloudpipe',
      'GET /v2.1/os-fixed-ips/{address}',
      'GET /v2.1/os-floating-ip-dns',
      'GET /v2.1/os-floating-ip-dns/{domain}/entries',
      'GET /v2.1/os-floating-ip-dns/{domain}/entries/{name}',
      'GET /v2.1/os-floating-ip-pools',
      'GET /v2.1/os-floating-ips',
      'GET /v2.1/os-floating-ips-bulk',
      'GET /v2.1/os-floating-ips-bulk/{host}',
      'GET /v2.1/os-floating-ips/{id}',
      'GET /v2.1/os-hosts',
      'GET /v2.1/os-networks',
      'GET /v2.1/os-networks/{uuid}',
      'GET /v2.1/os-networks/{uuid}/usage',
      'GET /v2.1/os-novanet-doctor',
      'GET /v2.1/os-novanet-fixed-ips',
      'GET /v2.1/os-novanet-pools',
      'GET /v2.1/os-quota-class-sets/{class}',
      'GET /v2.1/os-quota-sets/{project}',
      'GET /v2.1/os-quota-sets/{project}/defaults',
      'GET /v2.1/os-quota-sets/{project}/detail',
      'GET /v2.1/os-security-group-default-rules',
      'GET /v2.1/os-security-group-default-rules/{id}',
      'GET /v2.1/os-security-groups',
      'GET /v2.1/os-security-groups/{id}',
      'GET /v2.1/os-services',
      'GET /v2.1/os-tenant-networks',
      'GET /v2.1/os-tenant-networks/{uuid}',
      'GET /v2.1/servers',
      'GET /v2.1/servers/detail',
      'GET /v2.1/servers/{sid}',
      'GET /v2.1/servers/{sid}/os-virtual-interfaces',
      'GET /v2.1/servers/{uuid}/os-security-groups',
      'POST /v2.1/os-cloudpipe',
      'POST /v2.1/os-fixed-ips/{address}/action',
      'POST /v2.1/os-floating-ips',
      'POST /v2.1/os-floating-ips-bulk',
      'POST /v2.1/os-networks',
      'POST /v2.1/os-networks/add',
      'POST /v2.1/os-networks/{uuid}/action',
      'POST /v2.1/os-novanet-doctor/fix',
      'POST /v2.1/os-novanet-hosts/{host}/action',
      'POST /v2.1/os-novanet-networks/{uuid}/action',
      'POST /v2.1/os-novanet-pools',
      'POST /v2.1/os-novanet-pools/{name}/action',
      'POST /v2.1/os-security-group-default-rules',
      'POST /v2.1/os-security-group-rules',
      'POST /v2.1/os-security-groups',
      'POST /v2.1/os-tenant-networks',
      'POST /v2.1/servers/{sid}/action',
      'PUT /v1/instances/{uuid}',
      'PUT /v2.1/os-cloudpipe/{id}',
      'PUT /v2.1/os-floating-ip-dns/{domain}',
      'PUT /v2.1/os-floating-ip-dns/{domain}/entries/{name}',
      'PUT /v2.1/os-floating-ips-bulk/{action}',
      'PUT /v2.1/os-novanet-networks/{uuid}',
      'PUT /v2.1/os-quota-class-sets/{class}',
      'PUT /v2.1/os-quota-sets/{project}',
      'PUT /v2.1/os-security-groups/{id}',
      'PUT /v2.1/os-services/{action}',
    ]);
  });

  it('refers to nothing that it does not contain', () => {
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    const names = new Set(references.map((reference) => reference.split('/').at(-1)));
    expect(names.size).toBeGreaterThan(4);
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(expect.arrayContaining([...names]));
  });

  it('describes a registration field by field, as it is checked', () => {
    const checked = getMetadataStorage()
      .getTargetValidationMetadatas(InstanceRegistrationDto, '', false, false)
      .map(({ propertyName }) => propertyName);
    const registration = schemas['InstanceRegistration'];
    const described = registration && 'properties' in registration ? registration.properties : {};
    expect(Object.keys(described ?? {}).sort()).toEqual([...new Set(checked)].sort());
  });
});
