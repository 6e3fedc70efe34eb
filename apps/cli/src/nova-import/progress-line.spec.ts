import { describe, expect, it } from 'vitest';
import { ProgressLine } from './progress-line.js';

function progress() {
  const shown: string[] = [];
  const clock = { now: performance.now() };
  const line = new ProgressLine({ show: (text) => shown.push(text) }, () => clock.now);
  return { shown, clock, line };
}

describe('a progress line', () => {
  it('shows nothing of what is done at once', () => {
    const { shown, line } = progress();
    line.show('read networks: 3');
    line.end();
    expect(shown).toEqual([]);
  });

  it('shows how far it is after a second, not too often, and leaves an empty line', () => {
    const { shown, clock, line } = progress();
    clock.now += 2000;
    line.show('read fixed_ips: 2,000');
    line.show('read fixed_ips: 4,000');
    clock.now += 200;
    line.show('read fixed_ips: 6,000');
    line.end();
    expect(shown).toEqual(['read fixed_ips: 2,000', 'read fixed_ips: 6,000', '']);
  });
});
