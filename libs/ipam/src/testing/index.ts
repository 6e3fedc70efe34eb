export { networkDraft, networkWith } from './network-fixture.js';
