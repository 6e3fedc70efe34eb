import { option } from '../option.js';
import { ip, port } from '../option-types.js';

/** Where services are found by programs, not by instances. */
export const listeningOptions = {
  osapiComputeListen: option('osapi_compute_listen', ip, '0.0.0.0', 'Address the REST interface listens on.'),
  osapiComputeListenPort: option(
    'osapi_compute_listen_port',
    port,
    '8774',
    'Port the REST interface listens on.',
  ),
  healthListen: option(
    'health_listen',
    ip,
    '127.0.0.1',
    'Address of health and metrics of the worker, the lease event sender and the metadata service. Instances should not reach it. nova has no such option.',
  ),
  workerHealthPort: option(
    'worker_health_port',
    port,
    '9701',
    'Port of health and metrics of the network worker. nova has no such option.',
  ),
  dhcpbridgeHealthPort: option(
    'dhcpbridge_health_port',
    port,
    '9702',
    'Port of health and metrics of the lease event sender. nova has no such option.',
  ),
  metadataHealthPort: option(
    'metadata_health_port',
    port,
    '9703',
    'Port of health and metrics of the metadata service. nova has no such option.',
  ),
};
