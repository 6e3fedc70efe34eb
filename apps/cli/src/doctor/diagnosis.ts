import { isRecord } from '../http/api-answers.js';

/** What is looked at: at most one; none: the whole cloud. */
export interface Patient {
  readonly instance?: string;
  readonly address?: string;
  readonly host?: string;
}

/** Something that is wrong. */
export interface Finding {
  readonly check: string;
  readonly host: string | null;
  readonly subject: string;
  readonly problem: string;
  readonly explanation: string;
  readonly command: string | null;
  readonly safe: boolean;
}

export interface Check {
  readonly check: string;
  readonly host: string | null;
  readonly ok: boolean;
}

/** The first finding is the first thing to mend. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly checked: readonly Check[];
}

export interface Mended {
  readonly host: string;
  readonly stage: string;
  readonly subjects: readonly string[];
}

export function isMended(value: unknown): value is Mended {
  return isRecord(value) && areTexts(value, 'host', 'stage') && Array.isArray(value['subjects']);
}

export function isFinding(value: unknown): value is Finding {
  return isRecord(value) && areTexts(value, 'check', 'subject', 'problem', 'explanation');
}

export function isCheck(value: unknown): value is Check {
  return isRecord(value) && areTexts(value, 'check') && typeof value['ok'] === 'boolean';
}

function areTexts(record: Readonly<Record<string, unknown>>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof record[name] === 'string');
}
