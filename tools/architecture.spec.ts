import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may know whom: each kind of package, and the kinds it may depend on. */
const kinds: Readonly<Record<string, string>> = {
  'libs/net-address': 'value',
  'libs/config': 'support',
  'libs/observability': 'support',
  'libs/ipam': 'domain',
  'libs/contracts': 'domain',
  'libs/host-plan': 'domain',
  'libs/network-managers': 'domain',
  'libs/linux-net': 'adapter',
  'libs/persistence': 'adapter',
  'libs/messaging': 'adapter',
  'libs/keystone': 'adapter',
  'libs/testbed': 'test',
  'apps/network-api': 'app',
  'apps/network-worker': 'app',
  'apps/dhcpbridge': 'app',
  'apps/metadata': 'app',
  'apps/cli': 'app',
  lab: 'lab',
  bench: 'bench',
};
const allowed: Readonly<Record<string, readonly string[]>> = {
  value: [],
  support: ['value'],
  domain: ['value', 'domain'],
  adapter: ['value', 'support', 'domain'],
  app: ['value', 'support', 'domain', 'adapter'],
  test: ['value'],
  lab: ['value', 'domain', 'adapter', 'test'],
  bench: ['adapter', 'test'],
};
/** Nothing with an effect, and no framework, below the adapters. */
const foreignInDomain = new Set(['class-transformer', 'class-validator', 'reflect-metadata']);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const root = new URL('..', import.meta.url).pathname;
const folders = globSync(['apps/*/package.json', 'libs/*/package.json', '{lab,bench}/package.json'], {
  cwd: root,
}).map((path) => dirname(path));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const manifest = (folder: string) => JSON.parse(read(`${folder}/package.json`)) as Manifest;
const folderOf = new Map(folders.map((folder) => [manifest(folder).name, folder]));

describe('the house', () => {
  it('has only rooms with a place in the plan', () => {
    expect(folders.toSorted()).toEqual(Object.keys(kinds).toSorted());
  });

  describe.each(folders)('%s', (folder) => {
    const kind = kinds[folder] ?? '';
    const dependencies = Object.keys(manifest(folder).dependencies ?? {});
    const sources = globSync(`${folder}/src/**/*.ts`, { cwd: root });

    it('depends only on rooms below it', () => {
      const wrong = dependencies
        .flatMap((name) => folderOf.get(name) ?? [])
        .filter((other) => !(allowed[kind] ?? []).includes(kinds[other] ?? ''));
      expect(wrong).toEqual([]);
    });

    it('imports only packages it names', () => {
      const named = new Set([manifest(folder).name, ...dependencies]);
      const imported = sources
        .filter((path) => !path.endsWith('.spec.ts') && !path.includes('/testing/'))
        .flatMap((path) =>
          [...read(path).matchAll(/from '(@novanet\/[a-z-]+)/g)].map((match) => match[1] ?? ''),
        );
      expect([...new Set(imported)].filter((name) => !named.has(name))).toEqual([]);
    });

    it('tells a newcomer what room it is', () => {
      expect(existsSync(`${root}/${folder}/README.md`)).toBe(true);
    });

    it('is built with the references that its dependencies are', () => {
      const config = JSON.parse(read(`${folder}/tsconfig.json`)) as {
        readonly references?: readonly { path: string }[];
      };
      const referenced = (config.references ?? []).map(({ path }) => path.split('/').at(-1));
      const inside = dependencies
        .filter((name) => folderOf.has(name))
        .map((name) => name.replace('@novanet/', ''));
      expect(new Set(referenced)).toEqual(new Set(inside));
    });
  });

  const domain = folders.filter((folder) => ['domain', 'value'].includes(kinds[folder] ?? ''));
  it.each(domain)('%s needs nothing that has an effect', (folder) => {
    const foreign = Object.keys(manifest(folder).dependencies ?? {}).filter((name) => !folderOf.has(name));
    expect(foreign.filter((name) => !foreignInDomain.has(name))).toEqual([]);
  });

  const libraries = folders.filter((folder) => folder.startsWith('libs/'));
  it.each(libraries)('%s has a face that begins with a sentence', (folder) => {
    expect(read(`${folder}/src/index.ts`)).toMatch(/^\/\/ .+\./);
  });
});
