import { createHash } from 'node:crypto';
import { isRecord } from '@novanet/contracts';
import { parseDocument } from 'yaml';

/** A token of the operator's, and whose it is. */
export interface KnownToken {
  readonly hash: Buffer;
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
}

const FIELDS = ['user', 'project', 'roles'];

/** Reads tokens_file, without a word of what is secret in its complaints. Throws Error. */
export function readTokens(text: string): readonly KnownToken[] {
  // Every scalar is a text: a project may be called 0123 or 1e10.
  const document = parseDocument(text, { schema: 'failsafe' });
  const [mistake] = document.errors;
  if (mistake) {
    const line = mistake.linePos?.[0].line ?? 0;
    throw new Error(`line ${line} is neither YAML nor JSON (${mistake.code})`);
  }
  const content: unknown = document.toJS();
  if (!isRecord(content) || Object.keys(content).length === 0) throw new Error('there is no token in it');
  return Object.entries(content).map(([token, holder], index) => {
    const where = `token ${index + 1}`;
    return { hash: hashOf(token, where), ...holderOf(holder, where) };
  });
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hashOf(token: string, where: string): Buffer {
  if (token === '') throw new Error(`${where} is empty`);
  if (!token.startsWith('sha256:')) return sha256(token);
  const hex = token.slice('sha256:'.length);
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Error(`${where} has no 64 hexadecimal digits after sha256:`);
  return Buffer.from(hex, 'hex');
}

function holderOf(holder: unknown, where: string): Omit<KnownToken, 'hash'> {
  if (!isRecord(holder)) throw new Error(`${where} has no user, project and roles`);
  const strange = Object.keys(holder).find((name) => !FIELDS.includes(name));
  if (strange !== undefined)
    throw new Error(`${where} has a field ${strange}: it may have ${FIELDS.join(', ')}`);
  const { user, project, roles } = holder;
  if (typeof user !== 'string' || user === '') throw new Error(`${where} has no user`);
  if (typeof project !== 'string' || project === '') throw new Error(`${where} has no project`);
  if (!isTexts(roles)) throw new Error(`${where} has no list of roles`);
  return { userId: user, projectId: project, roles };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
