import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, type IpVersion } from '@novanet/net-address';
import { InvalidArgumentError } from 'commander';

/** Checks an option's value where the typing mistake can still be shown beside the option's name. */
export function ipOption(version: IpVersion): (text: string) => string {
  const family = version === 4 ? Ipv4 : Ipv6;
  return (text) => {
    if (!family.tryParse(text)) throw new InvalidArgumentError(`It is not an IPv${version} address.`);
    return text;
  };
}

export function cidrOption(version: IpVersion): (text: string) => string {
  const [family, example] = version === 4 ? [Ipv4Cidr, '10.0.0.0/24'] : [Ipv6Cidr, 'fd00:1::/64'];
  return (text) => {
    if (!text.includes('/') || !family.tryParse(text)) {
      throw new InvalidArgumentError(`It is not an IPv${version} range like ${example}.`);
    }
    return text;
  };
}

export function numberOption({ min, max }: { min: number; max: number }): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= min && number <= max)) {
      throw new InvalidArgumentError(`It is not a number from ${min} to ${max}.`);
    }
    return number;
  };
}
