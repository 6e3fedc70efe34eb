// A host and a network to start tests from; not for production code.
export { dhcpHost, intentOf, networkOf, settingsOf } from './intent-fixture.js';
