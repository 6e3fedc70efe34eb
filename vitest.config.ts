import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Three kinds of tests, told apart by their file name (CONTRIBUTING.md, "Tests").
const resolve = { conditions: ['@novanet/source', 'node'] };
const ssr = { resolve: { conditions: resolve.conditions } };
const folders = '{apps,libs,lab,bench}/**';
const never = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          isolate: false,
          include: [`${folders}/*.spec.ts`, 'tools/**/*.spec.ts'],
          exclude: [...never, '**/*.{int,netns,system}.spec.ts'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'integration',
          include: [`${folders}/*.{int,netns}.spec.ts`],
          exclude: never,
          // They wait for servers, namespaces and clients more than they compute.
          maxWorkers: 2 * availableParallelism(),
          globalSetup: ['libs/testbed/src/vitest-backing-services.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'system',
          include: [`${folders}/*.system.spec.ts`],
          exclude: never,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
