import { expect, test } from 'vitest';
import { type Link, type LinkAddress, parseLinks } from './link.js';
import { parseRoutes, routeAddition, routeDeletion, routesToMove } from './route.js';

/** Lines as `ip -json -details route show table all` prints them. */
const ROUTES = [
  '{"type":"unicast","dst":"default","gateway":"10.9.9.1","dev":"eth1","table":"main","protocol":"dhcp","scope":"global","prefsrc":"10.9.9.5","metric":100,"flags":[],"metrics":[{"mtu":1400}]}',
  '{"type":"unicast","dst":"10.9.9.0/24","dev":"eth1","table":"main","protocol":"kernel","scope":"link","prefsrc":"10.9.9.5","flags":[]}',
  '{"type":"unicast","dst":"10.9.9.0/24","dev":"eth1","table":"main","protocol":"kernel","scope":"link","prefsrc":"10.9.9.5","metric":100,"flags":[]}',
  '{"type":"unicast","dst":"10.0.0.0/24","dev":"eth0","table":"main","protocol":"kernel","scope":"link","flags":[]}',
  '{"type":"unicast","dst":"10.55.0.0/16","table":"main","protocol":"boot","scope":"global","flags":[],"nexthops":[{"gateway":"10.9.9.1","dev":"eth1","weight":2,"flags":[]},{"gateway":"10.0.0.7","dev":"eth0","weight":1,"flags":["onlink"]}]}',
  '{"type":"unicast","dst":"10.77.0.0/16","via":{"family":"inet6","host":"fe80::9"},"dev":"eth1","table":"77","protocol":"static","scope":"global","flags":[]}',
  '{"type":"local","dst":"10.9.9.5","dev":"eth1","table":"local","protocol":"kernel","scope":"host","flags":[]}',
  '{"type":"unicast","dst":"2001:db8::/64","dev":"eth1","table":"main","protocol":"kernel","scope":"global","metric":256,"flags":[],"pref":"medium"}',
  '{"type":"unicast","dst":"fe80::/64","dev":"eth1","table":"main","protocol":"kernel","scope":"global","metric":256,"flags":[],"pref":"medium"}',
  '{"type":"unicast","dst":"default","gateway":"fe80::1","dev":"eth1","table":"main","protocol":"ra","scope":"global","metric":1024,"flags":[],"expires":1798,"pref":"high"}',
];
const ETH1 = `[{"ifname":"eth1","addr_info":[
  {"family":"inet","local":"10.9.9.5","prefixlen":24,"scope":"global"},
  {"family":"inet","local":"10.44.0.1","prefixlen":16,"scope":"global"},
  {"family":"inet6","local":"2001:db8::5","prefixlen":64,"scope":"global"}]}]`;

function eth1(): Link {
  const link = parseLinks(ETH1).get('eth1');
  if (!link) throw new Error('the fixture has an eth1');
  return link;
}

function moved(leaving: (address: LinkAddress) => boolean): string[] {
  const device = eth1();
  const routes = routesToMove(parseRoutes(`[${ROUTES.join(',')}]`), device, device.addresses.filter(leaving));
  return routes.map((route) => routeAddition(route, 'eth1', 'br100'));
}

test('routes follow their device with all they have, direct ones first, and not those of the kernel', () => {
  expect(moved(() => true)).toEqual([
    'route replace unicast 10.9.9.0/24 dev br100 table main proto kernel src 10.9.9.5 metric 100 scope link',
    'route replace unicast 0.0.0.0/0 via 10.9.9.1 dev br100 table main proto dhcp src 10.9.9.5 metric 100 scope global mtu 1400',
    'route replace unicast 10.55.0.0/16 table main proto boot nexthop via 10.9.9.1 dev br100 weight 2 nexthop via 10.0.0.7 dev eth0 onlink weight 1',
    'route replace unicast 10.77.0.0/16 via inet6 fe80::9 dev br100 table 77 proto static scope global',
    'route replace unicast ::/0 via fe80::1 dev br100 table main proto ra metric 1024 pref high expires 1798',
  ]);
});

test('a route stays when its gateway is reached by an address that stays', () => {
  expect(moved(({ local }) => local !== '10.9.9.5').join('\n')).not.toContain('via 10.9.9.1 dev br100 table');
});

test('a route is deleted by the same words, without its lifetime', () => {
  const routes = parseRoutes(`[${ROUTES.at(-1)}]`);
  expect(routes.map(routeDeletion)).toEqual([
    'route del unicast ::/0 via fe80::1 dev eth1 table main proto ra metric 1024 pref high',
  ]);
});
