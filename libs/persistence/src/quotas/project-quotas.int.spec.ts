import { expect, test } from 'vitest';
import { scratchIpam } from '../testing/scratch-ipam.js';

test('a project has limits of its own until they are taken away', async () => {
  const { quotas } = await scratchIpam();
  const put = (limits: Parameters<typeof quotas.put>[1], isForced = false) =>
    quotas.put('p', limits, { isForced });
  await put(
    new Map([
      ['floating_ips', 3],
      ['security_group_rules', -1],
    ]),
  );
  await put(new Map([['floating_ips', 4]]));
  await put(new Map());
  expect([...(await quotas.limitsOf('p'))]).toEqual([
    ['floating_ips', 4],
    ['security_group_rules', -1],
  ]);
  expect((await quotas.limitsOf('q')).size).toBe(0);
  await quotas.clear('p');
  expect((await quotas.limitsOf('p')).size).toBe(0);
});

test('a limit is no smaller than what the project has, unless forced', async () => {
  const { quotas, securityGroups } = await scratchIpam();
  await securityGroups.ensureDefault('p');
  await securityGroups.create({ projectId: 'p', userId: null, name: 'web', description: null });
  expect(await quotas.usageOf('p')).toEqual({
    floatingIps: 0,
    fixedIps: 0,
    securityGroups: 2,
    instances: 0,
  });
  const limits = new Map([['security_groups', 1]] as const);
  await expect(quotas.put('p', limits, { isForced: false })).rejects.toThrow(
    'Quota limit 1 for security_groups must be greater than or equal to already used and reserved 2.',
  );
  expect((await quotas.limitsOf('p')).size).toBe(0);
  await quotas.put('p', limits, { isForced: true });
  expect([...(await quotas.limitsOf('p'))]).toEqual([['security_groups', 1]]);
});
