import type { Assignment, Reading } from './assignment.js';

/** Reads the dialect of oslo.config: the one nova.conf is written in. */
export function readIniFile(path: string, content: string): Reading {
  const reader = new IniReader(path);
  for (const [index, line] of content.split(/\r?\n/).entries()) reader.readLine(line.trimEnd(), index + 1);
  return { assignments: reader.assignments.map(finished), problems: reader.problems };
}

interface OpenAssignment extends Omit<Assignment, 'value'> {
  readonly lines: string[];
}

function finished({ lines, ...rest }: OpenAssignment): Assignment {
  return { ...rest, value: lines.join('\n').trim() };
}

class IniReader {
  readonly assignments: OpenAssignment[] = [];
  readonly problems: string[] = [];
  /** What stands before the first section is of [DEFAULT]. */
  private section = 'DEFAULT';
  /** The assignment an indented line continues. A blank line or a comment ends it. */
  private open: OpenAssignment | undefined;

  constructor(private readonly path: string) {}

  readLine(line: string, number: number): void {
    const place = `${this.path} line ${number}`;
    if (/^[ \t]+\S/.test(line)) return this.continueValue(line.trim(), place);
    this.open = undefined;
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    if (line.startsWith('[')) return this.beginSection(line, place);
    this.assign(line, place);
  }

  private continueValue(text: string, place: string): void {
    if (this.open) this.open.lines.push(text);
    else this.problems.push(`${place} is indented, but there is no value before it to continue`);
  }

  private beginSection(line: string, place: string): void {
    // After half a section, what follows belongs to no group we know, so that one mistake is reported once.
    const [, section = line] = /^\[(.+)\]$/.exec(line) ?? [];
    this.section = section;
    if (section === line) this.problems.push(`${place}: "${line}" is not a [group]`);
  }

  private assign(line: string, place: string): void {
    const [, name = '', value = ''] = /^([^:=]*)[:=](.*)$/.exec(line) ?? [];
    if (name.trim() === '') {
      this.problems.push(`${place}: "${line}" is not of the form name = value`);
    } else {
      this.open = { group: this.section, name: name.trim(), lines: [unquoted(value.trim())], place };
      this.assignments.push(this.open);
    }
  }
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
