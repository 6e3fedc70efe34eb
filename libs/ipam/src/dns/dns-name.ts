import type { Ipv4 } from '@novanet/net-address';
import { InvalidInput } from '../errors.js';

declare const labelBrand: unique symbol;
declare const domainBrand: unique symbol;

/** One part of a DNS name, in lower case: it may stand in a file that a name server reads. */
export type DnsLabel = string & { readonly [labelBrand]: true };

/** A domain in lower case, without the dot at its end. Empty: names stand alone. */
export type DomainName = string & { readonly [domainBrand]: true };

/**
 * A name in a domain. The name is a single label: with dots in it, the owner of `example.org` could take a name of
 * `lab.example.org`, which is another project's.
 */
export interface DnsName {
  readonly name: DnsLabel;
  readonly domain: DomainName;
}

/** A name and the address it stands for: a record of type A, the only one that nova's drivers know. */
export interface DnsEntry extends DnsName {
  readonly address: Ipv4;
}

/** RFC 1123's letters, digits and dashes, and the underscore that nova's host names may contain. */
const LABEL = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/;

/** RFC 1035 allows 253 characters for a whole name: any label fits before such a domain. */
const LONGEST_DOMAIN = 253 - 63 - 1;

/** What of a wrong name a message shows. */
const SHOWN = 80;

export function tryParseDnsLabel(text: string): DnsLabel | undefined {
  const label = inLowerCase(text);
  return isLabel(label) ? label : undefined;
}

/** Throws InvalidInput. */
export function parseDnsLabel(text: string): DnsLabel {
  const label = tryParseDnsLabel(text);
  if (label === undefined) {
    throw new InvalidInput(
      `${shown(text)} is not a DNS name: 1 to 63 letters, digits, dashes or underscores, with a letter or digit at both ends`,
    );
  }
  return label;
}

/** The dot at the end may be there. */
export function tryParseDomainName(text: string): DomainName | undefined {
  const domain = inLowerCase(text).replace(/\.$/, '');
  return isDomain(domain) ? domain : undefined;
}

/** Throws InvalidInput. */
export function parseDomainName(text: string): DomainName {
  const domain = tryParseDomainName(text);
  if (domain === undefined) {
    throw new InvalidInput(
      `${shown(text)} is not a DNS domain: labels of letters, digits, dashes or underscores with dots between them, at most ${LONGEST_DOMAIN} characters, the last label not a number`,
    );
  }
  return domain;
}

/** The domain of the instances' names, which may be none. Throws InvalidInput. */
export function parseInstanceDomain(text: string): DomainName {
  return isNoDomain(text) ? text : parseDomainName(text);
}

/** The whole name, as it is asked for. */
export function fullNameOf({ name, domain }: DnsName): string {
  return domain === '' ? name : `${name}.${domain}`;
}

function isLabel(text: string): text is DnsLabel {
  return LABEL.test(text);
}

function isDomain(text: string): text is DomainName {
  if (text.length > LONGEST_DOMAIN) return false;
  const labels = text.split('.');
  // what ends in a number looks like an address
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

function isNoDomain(text: string): text is DomainName {
  return text === '';
}

/** ASCII only: to JavaScript the lower case of the Kelvin sign is a "k". */
function inLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
