import type { CidrRuleDto } from './security-group-rule.dto.js';

/**
 * A rule as workers take it: what is neither text nor number becomes the text that JSON has for it, so that the worker
 * says of it what nova says.
 */
export function ruleArguments(rule: CidrRuleDto): Record<string, unknown> {
  const { ip_protocol: protocol, from_port: from, to_port: to, cidr } = rule;
  return {
    ip_protocol: protocol === '' ? null : textOf(protocol),
    from_port: typeof from === 'number' ? from : textOf(from),
    to_port: typeof to === 'number' ? to : textOf(to),
    cidr: cidr === '' ? null : unquoted(textOf(cidr)),
  };
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
}

/** Some clients send a block as it would stand in a URL: 10.0.0.0%2F8. */
function unquoted(text: string | null): string | null {
  if (text === null) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
