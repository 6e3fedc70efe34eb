import { isRecord } from '../wire/versioned-object.js';

/** Something that is wrong, as workers and the REST interface say it. */
export interface FindingDict {
  readonly check: string;
  /** Null: of the whole cloud. */
  readonly host: string | null;
  readonly subject: string;
  readonly problem: string;
  readonly explanation: string;
  /** Null: the explanation says what to do. */
  readonly command: string | null;
  /** Whether the worker of the host can mend it. */
  readonly safe: boolean;
}

/** Something that was looked at. */
export interface CheckDict {
  readonly check: string;
  readonly host: string | null;
  readonly ok: boolean;
}

/** Causes before consequences: the first finding is the first thing to mend. */
export interface ExaminationDict {
  readonly findings: readonly FindingDict[];
  readonly checked: readonly CheckDict[];
}

/** Undefined when it is none. */
export function tryParseExamination(value: unknown): ExaminationDict | undefined {
  if (!isRecord(value)) return undefined;
  const { findings, checked } = value;
  if (!Array.isArray(findings) || !Array.isArray(checked)) return undefined;
  if (!findings.every(isFinding) || !checked.every(isCheck)) return undefined;
  return { findings, checked };
}

function isFinding(value: unknown): value is FindingDict {
  if (!isRecord(value)) return false;
  const { check, host, subject, problem, explanation, command, safe } = value;
  const texts = [check, subject, problem, explanation].every((text) => typeof text === 'string');
  return texts && [host, command].every(isTextOrNull) && typeof safe === 'boolean';
}

function isCheck(value: unknown): value is CheckDict {
  if (!isRecord(value)) return false;
  return (
    typeof value['check'] === 'string' && isTextOrNull(value['host']) && typeof value['ok'] === 'boolean'
  );
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
