import { describe, expect, it } from 'vitest';
import { schemas } from '../open-api/schemas.js';
import { standardLimits } from '../testing/standard-limits.js';
import { limitsWith, quotaDetails, quotaView } from './quota-limits.js';

describe('the limits of a project', () => {
  it('are its own before those of the configuration', () => {
    const own = new Map([['floating_ips', 3]] as const);
    expect(limitsWith(standardLimits, own)).toEqual({ ...standardLimits, floating_ips: 3 });
    expect(limitsWith(standardLimits, new Map())).toEqual(standardLimits);
  });

  it('stand beside what is used of them', () => {
    const details = quotaDetails(standardLimits, { floating_ips: 4 });
    expect(details['floating_ips']).toEqual({ limit: 10, in_use: 4, reserved: 0 });
    expect(details['fixed_ips']).toEqual({ limit: -1, in_use: 0, reserved: 0 });
  });

  it('are described one by one', () => {
    const schema = schemas['QuotaSet'];
    const described = schema && 'properties' in schema ? schema.properties : {};
    const shown = Object.keys(quotaView(standardLimits));
    expect(Object.keys(described ?? {}).sort()).toEqual(['id', ...shown].sort());
  });
});
