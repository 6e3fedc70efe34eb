import { bareServer, type LoadFigure } from './metadata-benchmark.js';

/** Of the rate of a server that does nothing. */
const leastShare = 0.5;

export interface MetadataVerdict {
  readonly what: string;
  /** Of the bare server's rate. */
  readonly share: number;
  readonly target: number;
  /** How many times as good as it has to be: 1 is just met. */
  readonly ratio: number;
  readonly isMet: boolean;
}

/** Each path beside the server that does nothing. */
export function judgeMetadata(figures: readonly LoadFigure[]): MetadataVerdict[] {
  const bare = figures.find(({ what }) => what === bareServer)?.perSecond ?? Number.NaN;
  return figures
    .filter(({ what }) => what !== bareServer)
    .map(({ what, perSecond, failures }) => {
      const share = failures > 0 ? 0 : perSecond / bare;
      const ratio = share / leastShare;
      return { what, share, target: leastShare, ratio, isMet: ratio >= 1 };
    });
}
