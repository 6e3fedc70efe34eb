import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../errors.js';
import {
  fullNameOf,
  parseDnsLabel,
  parseDomainName,
  parseInstanceDomain,
  tryParseDnsLabel,
  tryParseDomainName,
} from './dns-name.js';

describe('a name', () => {
  test.each([
    { text: 'www', is: 'www' },
    { text: 'WWW', is: 'www' },
    { text: 'a', is: 'a' },
    { text: '300', is: '300' },
    { text: 'db_1-x', is: 'db_1-x' },
    { text: 'x'.repeat(63), is: 'x'.repeat(63) },
    { text: '1A1B1C1D-1111-4222-8333-444455556666', is: '1a1b1c1d-1111-4222-8333-444455556666' },
  ])('$text is kept as $is', ({ text, is }) => {
    expect(parseDnsLabel(text)).toBe(is);
  });

  test.each([
    { what: 'nothing', text: '' },
    { what: 'a line of its own', text: 'www\n10.0.0.9 bank' },
    { what: 'a newline at the end', text: 'www\n' },
    { what: 'a space', text: 'www bank' },
    { what: 'a tab', text: 'www\tbank' },
    { what: 'a zero byte', text: 'www\0' },
    { what: 'a comment', text: 'www#' },
    { what: 'a comma', text: 'www,bank' },
    { what: 'a second label', text: 'www.lab' },
    { what: 'a wildcard', text: '*' },
    { what: 'a dash in front', text: '-www' },
    { what: 'a dash at the end', text: 'www-' },
    { what: 'an underscore in front', text: '_sip' },
    { what: '64 characters', text: 'x'.repeat(64) },
    { what: '300 characters', text: 'x'.repeat(300) },
    { what: 'letters of other scripts', text: 'größe' },
    { what: 'a Kelvin sign', text: 'www\u212a' },
    { what: 'a letter that looks like another', text: 'www\u0430' },
    { what: 'half a surrogate pair', text: 'www\ud83d' },
  ])('with $what is refused', ({ text }) => {
    expect(tryParseDnsLabel(text)).toBeUndefined();
    expect(() => parseDnsLabel(text)).toThrow(InvalidInput);
  });
});

describe('a domain', () => {
  const longest = `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(61)}`;
  test.each([
    { text: 'example.org', is: 'example.org' },
    { text: 'Example.ORG.', is: 'example.org' },
    { text: 'novalocal', is: 'novalocal' },
    { text: '0.10.in-addr.arpa', is: '0.10.in-addr.arpa' },
    { text: longest, is: longest },
    { text: `${longest}.`, is: longest },
  ])('$text is kept as $is', ({ text, is }) => {
    expect(parseDomainName(text)).toBe(is);
    expect(parseInstanceDomain(text)).toBe(is);
  });

  test.each([
    { what: 'nothing', text: '' },
    { what: 'a dot alone', text: '.' },
    { what: 'an empty label', text: 'example..org' },
    { what: 'two dots at the end', text: 'example.org..' },
    { what: 'a dot in front', text: '.example.org' },
    { what: 'a newline', text: 'example.org\naddress=/#/10.0.0.9' },
    { what: 'a slash', text: 'example.org/10.0.0.9' },
    { what: 'a space', text: 'example .org' },
    { what: 'the look of an address', text: '0.0.10' },
    { what: 'a label of 64 characters', text: `${'x'.repeat(64)}.org` },
    { what: '190 characters', text: `${longest}z` },
    { what: '100000 characters', text: 'x.'.repeat(50_000) },
    { what: 'letters of other scripts', text: 'пример.рф' },
  ])('with $what is refused', ({ text }) => {
    expect(tryParseDomainName(text)).toBeUndefined();
    expect(() => parseDomainName(text)).toThrow(InvalidInput);
  });

  test('of the instances may be missing', () => {
    const domain = parseInstanceDomain('');
    expect(fullNameOf({ name: parseDnsLabel('web'), domain })).toBe('web');
    expect(() => parseInstanceDomain(' ')).toThrow(InvalidInput);
  });

  test('a refusal shows the beginning of what was given, on one line', () => {
    expect(() => parseDomainName(`a\n${'x'.repeat(300)}`)).toThrow(
      `"a\\n${'x'.repeat(78)}…" is not a DNS domain`,
    );
  });
});
