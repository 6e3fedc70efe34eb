import type { AssociateResult } from './associate-benchmark.js';

export interface AssociateVerdict {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** At most. */
  readonly target: number;
  /** nova-network's, measured on a machine of this kind. */
  readonly nova?: number;
  /** How many times as good as it has to be: 1 is just met. */
  readonly ratio: number;
  readonly isMet: boolean;
}

const associateTarget = 30;
const restartTarget = 3;
/** p50 of associate_floating_ip of a caller alone, by the number of floating IPs that are associated. */
const novaAssociates = new Map([
  [0, 131],
  [200, 138],
  [1_000, 262],
]);
/** With 500 instances and 200 floating IPs. */
const novaRestart = { instances: 500, floatingIps: 200, seconds: 14.1 };

/** The targets that something was measured for. */
export function judgeAssociations({
  calls,
  restart,
}: Pick<AssociateResult, 'calls' | 'restart'>): AssociateVerdict[] {
  const alone = calls.filter(({ what, atOnce }) => what === 'associate_floating_ip' && atOnce === 1);
  const isNovas =
    restart.instances === novaRestart.instances && restart.floatingIps === novaRestart.floatingIps;
  return [
    ...alone.map(({ associated = 0, speed }) => ({
      ...atMost(`associate with ${associated} associated, one caller, p50`, speed.p50, associateTarget, 'ms'),
      ...novaFigure(novaAssociates.get(associated)),
    })),
    {
      ...atMost('restart to converged', restart.warm.seconds, restartTarget, 's'),
      ...novaFigure(isNovas ? novaRestart.seconds : undefined),
    },
    atMost('packets lost in restarts', restart.warm.flow.lost, 0, 'packets'),
  ];
}

function novaFigure(nova: number | undefined): Pick<AssociateVerdict, 'nova'> {
  return nova === undefined ? {} : { nova };
}

function atMost(what: string, measured: number, target: number, unit: string): AssociateVerdict {
  // Of nothing there can be no fraction too much.
  const ratio = target === 0 ? Number(measured === 0) : target / measured;
  return { what, measured, unit, target, ratio, isMet: ratio >= 1 };
}
