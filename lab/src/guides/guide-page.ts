/** Commands of a page, and what they print where the page shows it. */
export interface GuideStep {
  /** Of the block's first command. */
  readonly line: number;
  readonly commands: string;
  /** With "…" for what is different each time; null: the page does not say. */
  readonly printed: string | null;
}

const FENCE = /^```(\w*)$/;

/**
 * The commands of a page of Markdown, in order: its blocks marked `sh`. A block marked `text` that follows is what they
 * print. Other blocks are to be read only.
 */
export function stepsOf(page: string): GuideStep[] {
  const steps: GuideStep[] = [];
  const lines = page.split('\n');
  let isPrintedNext = false;
  for (let index = 0; index < lines.length; index += 1) {
    const kind = FENCE.exec(lines[index] ?? '')?.[1];
    if (kind === undefined) {
      if (lines[index] !== '') isPrintedNext = false;
      continue;
    }
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`line ${index + 1}: the block has no end`);
    const text = lines.slice(index + 1, end).join('\n');
    const last = steps.at(-1);
    if (kind === 'sh') steps.push({ line: index + 2, commands: text, printed: null });
    else if (kind === 'text' && isPrintedNext && last) steps.splice(-1, 1, { ...last, printed: text });
    isPrintedNext = kind === 'sh';
    index = end;
  }
  return steps;
}

/** Whether a command printed what the page shows. Spaces at the ends of lines do not count. */
export function isAsShown(shown: string, printed: string): boolean {
  const form = trimmed(shown).split('…').map(literally).join('[^]*?');
  return new RegExp(`^${form}$`).test(trimmed(printed));
}

function trimmed(text: string): string {
  return text.replaceAll(/[ \t]+$/gm, '').trim();
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
