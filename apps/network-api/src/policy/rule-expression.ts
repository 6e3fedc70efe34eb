/** What a rule is held against: who asks, and what of (nova: the requester's own project). */
export interface PolicyFacts {
  readonly roles: readonly string[];
  /** `is_admin`, `user_id`, `project_id` of the requester, as texts. */
  readonly credentials: Readonly<Record<string, string>>;
  /** What `%(name)s` stands for. */
  readonly target: Readonly<Record<string, string>>;
  /** Whether another rule holds; false for one that does not exist. */
  readonly rule: (name: string) => boolean;
}

export type Expression = (facts: PolicyFacts) => boolean;

/** A rule's text makes no sense. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError';

  constructor(
    readonly text: string,
    readonly reason: string,
  ) {
    super(`"${text}" is no rule: ${reason}`);
  }
}

/**
 * Reads a rule in the language of oslo.policy: checks `role:admin`, `rule:other`, `project_id:%(project_id)s`, `@` (always)
 * and `!` (never), with `and`, `or`, `not` and parentheses. Empty: always. Throws PolicySyntaxError.
 */
export function parseRule(text: string): Expression {
  const words = text.match(/\(|\)|[^\s()]+(?:\([^\s()]*\)[^\s()]*)*/g) ?? [];
  if (words.length === 0) return () => true;
  const reader = new RuleReader(text, words);
  const expression = reader.alternatives();
  reader.expectEnd();
  return expression;
}

class RuleReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly words: readonly string[],
  ) {}

  /** `a or b or c` */
  alternatives(): Expression {
    const all = [this.conjunction()];
    while (this.takes('or')) all.push(this.conjunction());
    return (facts) => all.some((one) => one(facts));
  }

  expectEnd(): void {
    const word = this.words[this.at];
    if (word !== undefined) throw this.mistake(`nothing was expected before "${word}"`);
  }

  /** `a and b`, which binds closer. */
  private conjunction(): Expression {
    const all = [this.negation()];
    while (this.takes('and')) all.push(this.negation());
    return (facts) => all.every((one) => one(facts));
  }

  private negation(): Expression {
    if (!this.takes('not')) return this.check();
    const negated = this.negation();
    return (facts) => !negated(facts);
  }

  private check(): Expression {
    if (!this.takes('(')) return checkOf(this.next(), (reason) => this.mistake(reason));
    const inside = this.alternatives();
    if (!this.takes(')')) throw this.mistake('a parenthesis is not closed');
    return inside;
  }

  private takes(word: string): boolean {
    const isThere = this.words[this.at]?.toLowerCase() === word;
    if (isThere) this.at += 1;
    return isThere;
  }

  private next(): string {
    const word = this.words[this.at];
    if (word === undefined) throw this.mistake('it ends too early');
    this.at += 1;
    return word;
  }

  private mistake(reason: string): PolicySyntaxError {
    return new PolicySyntaxError(this.text, reason);
  }
}

function checkOf(word: string, mistake: (reason: string) => PolicySyntaxError): Expression {
  if (word === '@') return () => true;
  if (word === '!') return () => false;
  const colon = word.indexOf(':');
  if (colon < 1) throw mistake(`"${word}" is no check: write kind:match, like role:admin`);
  const [kind, match] = [word.slice(0, colon), word.slice(colon + 1)];
  if (kind === 'rule') return ({ rule }) => rule(match);
  if (kind === 'role') {
    return ({ roles, target }) => {
      const wanted = filledIn(match, target)?.toLowerCase();
      return roles.some((role) => role.toLowerCase() === wanted);
    };
  }
  if (kind === 'http' || kind === 'https') throw mistake('checks by HTTP are not supported');
  return ({ credentials, target }) => {
    const wanted = filledIn(match, target);
    const own = quoted(kind) ?? credentials[kind];
    return wanted !== undefined && own !== undefined && own === wanted;
  };
}

/** Undefined: the target has no such field. */
function filledIn(match: string, target: PolicyFacts['target']): string | undefined {
  const names = [...match.matchAll(/%\((\w+)\)s/g)].map(([, name = '']) => name);
  if (names.some((name) => target[name] === undefined)) return undefined;
  return match.replace(/%\((\w+)\)s/g, (_whole, name: string) => target[name] ?? '');
}

/** A constant on the left side: `'member':%(role)s`. */
function quoted(kind: string): string | undefined {
  return /^(['"])(.*)\1$/.exec(kind)?.[2];
}
