import { describe, expect, it } from 'vitest';

import { LabError } from './lab-error.js';
import { hostOf, instanceNamespace, isNamespaceOf, planLab } from './lab-plan.js';

describe('the plan of a lab', () => {
  it('gives every host a namespace and its addresses', () => {
    expect(planLab('demo', 2)).toEqual({
      name: 'demo',
      switch: { netns: 'nvn-demo-sw', managementAddress: '192.168.240.1' },
      outside: { netns: 'nvn-demo-out', router: '192.0.2.1', address: '198.51.100.1' },
      hosts: [
        {
          name: 'h1',
          netns: 'nvn-demo-h1',
          publicAddress: '192.0.2.11',
          managementAddress: '192.168.240.11',
        },
        {
          name: 'h2',
          netns: 'nvn-demo-h2',
          publicAddress: '192.0.2.12',
          managementAddress: '192.168.240.12',
        },
      ],
    });
  });

  it.each(['', 'Demo', 'a/b', '../x', '-a', 'a-', 'a'.repeat(21), 'a-vm', 'a-vm-b'])(
    'refuses the name "%s"',
    (name) => {
      expect(() => planLab(name, 1)).toThrow(LabError);
    },
  );

  it.each([0, 201, 1.5])('refuses %s hosts', (count) => {
    expect(() => planLab('demo', count)).toThrow(`a lab has 1 to 200 hosts, not "${count}".`);
  });

  it('names the hosts there are when one is asked for that is not', () => {
    const plan = planLab('demo', 2);
    expect(hostOf(plan, 'h2').netns).toBe('nvn-demo-h2');
    expect(() => hostOf(plan, 'h3')).toThrow('lab "demo" has no host "h3", only h1, h2.');
  });
});

describe('the namespaces of a lab', () => {
  const plan = planLab('demo', 1);

  it('include those of its instances', () => {
    expect(instanceNamespace(plan, 'web1')).toBe('nvn-demo-vm-web1');
    expect(() => instanceNamespace(plan, 'web 1')).toThrow('"web 1" is no name for an instance');
  });

  it.each([
    { netns: 'nvn-demo-sw', isOurs: true },
    { netns: 'nvn-demo-out', isOurs: true },
    { netns: 'nvn-demo-h17', isOurs: true },
    { netns: 'nvn-demo-vm-web-1', isOurs: true },
    { netns: 'nvn-demo2-sw', isOurs: false },
    { netns: 'nvn-demo-2-sw', isOurs: false },
    { netns: 'nvn-demo-h1-sw', isOurs: false },
    { netns: 'nvn-demo', isOurs: false },
    { netns: 'demo-sw', isOurs: false },
  ])('are told from others: $netns', ({ netns, isOurs }) => {
    expect(isNamespaceOf('demo', netns)).toBe(isOurs);
  });
});
