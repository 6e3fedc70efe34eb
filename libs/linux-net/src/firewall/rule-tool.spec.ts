import { expect, it } from 'vitest';
import { ruleTools } from './rule-tool.js';

const own = [
  '-s ! fa:16:3e:00:00:01 -j DROP',
  '-p IPv6 -s fa:16:3e:00:0a:01 -d 33:33:00:00:00:00/ff:ff:00:00:00:00 -o tap1 -j DROP',
  '-p IPv6 --ip6-src fd00::1:0:0:ab:cdef --ip6-dst 1:2:3:4:5:6:7:8 -j DROP',
];

it.each([
  { variant: 'nft', listed: own },
  { variant: 'legacy', listed: own.map((rule) => rule.replaceAll(/(?<=[:/ ])0([\da-f])(?=[:/ ])/g, '$1')) },
])('frame rules are read as they are planned from what ebtables-$variant lists', ({ listed }) => {
  const text = ['*nat', ':nova-a RETURN', ...listed.map((rule) => `-A nova-a ${rule}`), ''].join('\n');
  expect(ruleTools.bridge.parse(text).get('nat')?.get('nova-a')).toEqual(own);
});
