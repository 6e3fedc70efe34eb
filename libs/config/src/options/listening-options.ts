import { option } from '../option.js';
import { ip, ipv4, port } from '../option-types.js';

/** Where services listen and where they are found. */
export const listeningOptions = {
  metadataHost: option('metadata_host', ipv4, '$my_ip', 'Where requests to 169.254.169.254 are sent.'),
  metadataPort: option('metadata_port', port, '8775', 'Port on metadata_host.'),
  metadataListen: option('metadata_listen', ip, '0.0.0.0', 'Address the metadata service listens on.'),
  metadataListenPort: option('metadata_listen_port', port, '8775', 'Port the metadata service listens on.'),
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
    'Address of health and metrics of the worker, the lease event sender and the metadata service. Instances should not reach it.',
  ),
  workerHealthPort: option(
    'worker_health_port',
    port,
    '9701',
    'Port of health and metrics of the network worker.',
  ),
  dhcpbridgeHealthPort: option(
    'dhcpbridge_health_port',
    port,
    '9702',
    'Port of health and metrics of the lease event sender.',
  ),
  metadataHealthPort: option(
    'metadata_health_port',
    port,
    '9703',
    'Port of health and metrics of the metadata service.',
  ),
};
