import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, tryParseIp, type IpVersion } from '@novanet/net-address';
import { CliFailure } from '../cli-failure.error.js';

/** Reads the text that a field was given, by the name that nova has for the field. Throws CliFailure. */
export type ReadValue = (text: string, name: string) => string | number | boolean;

export const text: ReadValue = (given) => given;

export function ip(version?: IpVersion): ReadValue {
  const family = version && { 4: Ipv4, 6: Ipv6 }[version];
  const kind = version ? `an IPv${version} address` : 'an IP address';
  return (given, name) => {
    if (family ? family.tryParse(given) : tryParseIp(given)) return given;
    throw wrong(`${name}: "${given}" is not ${kind}.`);
  };
}

export function cidr(version: IpVersion): ReadValue {
  const [family, example] = version === 4 ? [Ipv4Cidr, '10.0.0.0/24'] : [Ipv6Cidr, 'fd00:1::/64'];
  return (given, name) => {
    if (given.includes('/') && family.tryParse(given)) return given;
    throw wrong(`${name}: ${given} is not a valid IP network, as ${example} is.`);
  };
}

export const integer: ReadValue = (given, name) => {
  if (!/^[+-]?\d+$/.test(given)) throw wrong(`${name} must be an integer, not "${given}".`);
  return Number(given);
};

/** nova's words for bounds of VLANs. */
export const vlan: ReadValue = (given) => {
  const number = Number(integer(given, 'vlan'));
  if (number > 4094) throw wrong('The vlan number cannot be greater than 4094.');
  if (number < 1) throw wrong('The vlan number cannot be less than 1.');
  return number;
};

/** nova-manage took T alone for yes. */
export const yesOrNo: ReadValue = (given, name) => {
  if (/^(t|true|y|yes|on|1)$/i.test(given)) return true;
  if (/^(f|false|n|no|off|0)$/i.test(given)) return false;
  throw wrong(`${name}: "${given}" is neither yes nor no (T or F).`);
};

function wrong(sentence: string): CliFailure {
  return new CliFailure('usage', sentence);
}
