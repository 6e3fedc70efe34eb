// The domain's stores in MariaDB or MySQL: schema, migrations, transactions that are run again when they must be.
export { createIpam, type Ipam } from './create-ipam.js';
export { Database } from './database/database.js';
export type { DatabaseLog } from './database/database-log.js';
export { InvalidDatabaseUrl, parseDatabaseUrl } from './database/database-url.js';
export { DatabaseFailure, type PassingFailure } from './database/driver-error.js';
export { describeSchema, type SchemaState } from './database/describe-schema.js';
export { openDatabase, type DatabaseOptions } from './database/open-database.js';
export type { RetryCounts } from './database/retry.js';
export { ImportTargetUnfit, NovaUnreadable } from './nova-import/errors.js';
export {
  importNova,
  type ImportStep,
  type NovaImport,
  type NovaImportOptions,
} from './nova-import/import-nova.js';
export {
  IMPORT_KINDS,
  type ImportCounts,
  type ImportKind,
  type ImportProblem,
} from './nova-import/import-report.js';
