import { register } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** All metrics of this process. A `new Counter({ name: 'novanet_…', help })` enters itself; make them once per process. */
export const metrics = register;
