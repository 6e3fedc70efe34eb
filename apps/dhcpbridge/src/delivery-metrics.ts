import { Counter, Gauge, metrics } from '@novanet/observability';
import type { Spool } from './spool.js';

export const sentEvents = new Counter({
  name: 'novanet_dhcpbridge_sent_events_total',
  help: 'Lease events that have taken effect',
});

export const rejectedEvents = new Counter({
  name: 'novanet_dhcpbridge_rejected_events_total',
  help: 'Lease events put aside because they are malformed or were refused',
});

/** Adds gauges that look into the spool when they are read. Once per process. */
export function measureSpool(spool: Spool): void {
  const pending = new Gauge({
    name: 'novanet_dhcpbridge_pending_events',
    help: 'Lease events in the spool',
    registers: [],
    async collect() {
      this.set((await spool.names()).length);
    },
  });
  const age = new Gauge({
    name: 'novanet_dhcpbridge_oldest_event_age_seconds',
    help: 'Age of the oldest lease event in the spool, 0 when there is none',
    registers: [],
    async collect() {
      const [oldest] = await spool.names();
      const writtenAt = oldest === undefined ? undefined : await spool.writtenAt(oldest);
      this.set(writtenAt ? Math.max(0, Date.now() - writtenAt.getTime()) / 1000 : 0);
    },
  });
  metrics.registerMetric(pending);
  metrics.registerMetric(age);
}
