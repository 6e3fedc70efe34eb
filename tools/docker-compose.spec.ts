import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '@novanet/config';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// No container engine is needed: what can be wrong without one is looked at here.
const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly network_mode?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

const compose: {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
} = parse(read('docker-compose.yml'), { merge: true });
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const configurationOf = (service: Service) =>
  loadSettings({
    argv: ['--config-file', join(root, 'docker/novanet.conf')],
    env: service.environment ?? {},
    warn: (sentence) => expect.fail(sentence),
  });

describe('docker-compose.yml', () => {
  it('starts broker, database and the four services', () => {
    expect(services.map(([name]) => name)).toEqual([
      'rabbitmq',
      'mariadb',
      'network-api',
      'network-worker',
      'dhcpbridge',
      'metadata',
    ]);
  });

  describe.each(services)('%s', (_, service) => {
    it('is watched', () => {
      expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    });

    it('has no more rights than it needs', () => {
      expect(service.privileged).toBeUndefined();
      const isWorker = service.command?.[1]?.includes('network-worker') ?? false;
      expect(service.cap_add).toEqual(isWorker ? ['NET_ADMIN', 'NET_RAW'] : undefined);
    });

    it('is published on the loopback at most', () => {
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    });

    it('mounts what there is', () => {
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        const isThere = source.startsWith('.') ? existsSync(join(root, source)) : source in compose.volumes;
        expect({ source, isThere }).toEqual({ source, isThere: true });
      }
    });
  });

  describe.each(ours)('%s, one of ours', (name, service) => {
    it('runs a program of the image', () => {
      expect(service.command).toEqual(['node', `apps/${name}/dist/main.js`]);
      expect(existsSync(join(root, `apps/${name}/src/main.ts`))).toBe(true);
    });

    it('has a valid configuration', () => {
      const settings = configurationOf(service);
      expect(settings.host).toBe('compute1');
      const inside = service.network_mode === 'host' ? '127.0.0.1' : 'rabbitmq';
      expect(new URL(settings.transportUrl).hostname).toBe(inside);
    });

    it('is asked for its health where it answers', () => {
      const settings = configurationOf(service);
      const ports: Readonly<Record<string, number>> = {
        'network-api': settings.osapiComputeListenPort,
        'network-worker': settings.workerHealthPort,
        dhcpbridge: settings.dhcpbridgeHealthPort,
        metadata: settings.metadataHealthPort,
      };
      expect(service.healthcheck?.test).toEqual(['CMD', 'node', 'docker/healthy.mjs', String(ports[name])]);
    });
  });

  it('lets worker and lease event sender share the spool', () => {
    const { statePath, spoolPath, networksPath } = configurationOf({ image: '' });
    expect([spoolPath, networksPath].every((path) => path.startsWith(`${statePath}/`))).toBe(true);
    for (const name of ['network-worker', 'dhcpbridge']) {
      expect(compose.services[name]?.volumes).toContain(`state:${statePath}`);
    }
  });
});

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile').replace(/\\\n/g, ' ');

  it('copies what there is', () => {
    const fromContext = [...dockerfile.matchAll(/^COPY (?!--from)(\S+) /gm)].map(([, source = '']) => source);
    expect(fromContext).toEqual(['.', 'docker/healthy.mjs', 'docker/novanet']);
    for (const source of fromContext) expect(existsSync(join(root, source))).toBe(true);
    expect(statSync(join(root, 'docker/novanet')).mode & 0o111).toBe(0o111);
  });

  it('builds and keeps every app', () => {
    for (const app of ['network-api', 'network-worker', 'dhcpbridge', 'metadata', 'cli']) {
      expect(dockerfile).toContain(` apps/${app} `);
      expect(dockerfile).toContain(`--workspace=apps/${app} `);
    }
  });

  it('installs the programs that a worker runs', () => {
    const installed = /apt-get install -y --no-install-recommends ([^&]*)/
      .exec(dockerfile)?.[1]
      ?.trim()
      .split(/\s+/);
    expect(installed).toEqual(['iproute2', 'iptables', 'dnsmasq-base', 'dnsmasq-utils', 'radvd']);
  });
});
