/** Table → columns and keys. */
export const supportTables: readonly (readonly [table: string, definition: string])[] = [
  [
    'dns_domains',
    `domain VARCHAR(255) NOT NULL,
     scope VARCHAR(16) NOT NULL,
     availability_zone VARCHAR(255) NULL,
     project_id VARCHAR(255) NULL,
     PRIMARY KEY (domain),
     KEY ix_dns_domains_project_id (project_id)`,
  ],
  [
    'services',
    `host VARCHAR(255) NOT NULL,
     \`binary\` VARCHAR(255) NOT NULL,
     topic VARCHAR(255) NOT NULL,
     report_count BIGINT UNSIGNED NOT NULL DEFAULT 0,
     last_seen_at DATETIME(6) NOT NULL,
     forced_down TINYINT(1) NOT NULL DEFAULT 0,
     created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
     PRIMARY KEY (host, \`binary\`)`,
  ],
  // Limits only: usage is counted. A row without limit is what a project's allocations queue up at.
  [
    'quotas',
    `project_id VARCHAR(255) NOT NULL,
     resource VARCHAR(64) NOT NULL,
     hard_limit INT NULL,
     PRIMARY KEY (project_id, resource)`,
  ],
  [
    'processed_requests',
    `unique_id CHAR(32) NOT NULL,
     reply MEDIUMTEXT NOT NULL,
     created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
     PRIMARY KEY (unique_id),
     KEY ix_processed_requests_created_at (created_at)`,
  ],
  // Rows to lock where there is no row of one's own yet.
  ['mutexes', 'name VARCHAR(64) NOT NULL, PRIMARY KEY (name)'],
];
