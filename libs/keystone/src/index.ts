// Keystone v3: a token for a service of ours, and whose token somebody shows us.
export { askJson, BadAnswer, Unauthorized, type AskLimits, type Json, type Reply } from './ask-json.js';
export { ServiceToken, type ServiceAccount } from './service-token.js';
export { KeystoneUnavailable, TokenCheck, type TokenFacts } from './token-check.js';
