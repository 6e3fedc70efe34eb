// A host and a network to start tests from; not for production code.
export { dhcpHost, floatingIp, intentOf, networkOf, settingsOf, v4Of } from './intent-fixture.js';
