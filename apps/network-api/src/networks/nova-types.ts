import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, tryParseIp } from '@novanet/net-address';
import { IsString, Length, Matches, ValidateBy } from 'class-validator';

/** How nova writes booleans: as JSON, or as one of these texts. */
const booleanTexts = new Set(
  ['True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes'].concat([
    'False',
    'FALSE',
    'false',
    '0',
    'OFF',
    'Off',
    'off',
    'NO',
    'No',
    'no',
  ]),
);

/** The value types of nova's request schemas; the messages are those of its schema checker. */
function novaType(name: string, isValid: (value: unknown) => boolean): () => PropertyDecorator {
  return () =>
    ValidateBy({
      name,
      validator: {
        validate: isValid,
        defaultMessage: (args) => `${JSON.stringify(args?.value)} is not a '${name}'`,
      },
    });
}

const ofText = (isValid: (text: string) => unknown) => (value: unknown) =>
  typeof value === 'string' && Boolean(isValid(value));

export const IsNovaBoolean = novaType(
  'boolean',
  (value) =>
    typeof value === 'boolean' ||
    ((typeof value === 'string' || value === 1 || value === 0) && booleanTexts.has(String(value))),
);

/** What {@link IsNovaBoolean} let pass; false for what is absent. */
export function isYes(value: unknown): boolean {
  return value === true || /^(true|1|on|yes)$/i.test(String(value));
}

/** 1 and more, as number or as digits. */
export const IsPositiveInteger = novaType('positive_integer', (value) => {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
  return isNumber && Number.isSafeInteger(Number(value)) && Number(value) >= 1;
});

export const IsIpv4Text = novaType(
  'ipv4',
  ofText((text) => Ipv4.tryParse(text)),
);
export const IsIpv6Text = novaType(
  'ipv6',
  ofText((text) => Ipv6.tryParse(text)),
);
export const IsIpText = novaType('ip_address', ofText(tryParseIp));
export const IsIpv4CidrText = novaType(
  'cidr',
  ofText((text) => text.includes('/') && Ipv4Cidr.tryParse(text)),
);
export const IsIpv6CidrText = novaType(
  'cidr',
  ofText((text) => text.includes('/') && Ipv6Cidr.tryParse(text)),
);

export const IsIpCidrText = novaType(
  'cidr',
  ofText((text) => text.includes('/') && (Ipv4Cidr.tryParse(text) ?? Ipv6Cidr.tryParse(text))),
);

/** Texts of a length, of some characters only. */
function limitedText(pattern: RegExp): () => PropertyDecorator {
  const checks = [
    IsString(),
    Length(1, 255),
    Matches(pattern, {
      message: ({ value }) => `${JSON.stringify(value)} does not match '${pattern.source}'`,
    }),
  ];
  return () => (target, key) => checks.forEach((check) => check(target, key));
}

export const IsHostNameText = limitedText(/^[a-zA-Z0-9-._]*$/);
export const IsProjectId = limitedText(/^[a-zA-Z0-9-]*$/);
