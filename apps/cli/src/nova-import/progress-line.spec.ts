import { describe, expect, it } from 'vitest';
import { ProgressLine } from './progress-line.js';

function progressOn(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: performance.now() };
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) }, () => clock.now);
  return { written, clock, line };
}

describe('a progress line', () => {
  it('shows nothing of what is done at once', () => {
    const { written, line } = progressOn(true);
    line.show('read networks: 3');
    line.end();
    expect(written).toEqual([]);
  });

  it('shows how far it is after a second, not too often, and leaves an empty line', () => {
    const { written, clock, line } = progressOn(true);
    clock.now += 2000;
    line.show('read fixed_ips: 2,000');
    line.show('read fixed_ips: 4,000');
    clock.now += 200;
    line.show('read fixed_ips: 6,000');
    line.end();
    expect(written).toEqual([
      '\r\u001B[Kread fixed_ips: 2,000',
      '\r\u001B[Kread fixed_ips: 6,000',
      '\r\u001B[K',
    ]);
  });

  it('is not shown where no terminal is', () => {
    const { written, clock, line } = progressOn(false);
    clock.now += 2000;
    line.show('read networks: 3');
    line.end();
    expect(written).toEqual([]);
  });
});
