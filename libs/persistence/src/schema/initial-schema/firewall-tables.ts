const portRange = `protocol VARCHAR(8) NULL,
     from_port INT NULL,
     to_port INT NULL,
     cidr VARCHAR(43) NULL`;

/** Table → columns and keys; a table stands behind those it refers to. */
export const firewallTables: readonly (readonly [table: string, definition: string])[] = [
  [
    'security_groups',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
     project_id VARCHAR(255) NOT NULL,
     user_id VARCHAR(255) NULL,
     name VARCHAR(255) NOT NULL,
     description VARCHAR(255) NULL,
     created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
     updated_at DATETIME(6) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(6),
     PRIMARY KEY (id),
     UNIQUE KEY uniq_security_groups_project_id_name (project_id, name)`,
  ],
  [
    'security_group_rules',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
     parent_group_id INT UNSIGNED NOT NULL,
     ${portRange},
     group_id INT UNSIGNED NULL,
     created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
     PRIMARY KEY (id),
     KEY ix_security_group_rules_parent_group_id (parent_group_id),
     KEY ix_security_group_rules_group_id (group_id),
     CONSTRAINT fk_security_group_rules_parent_group
       FOREIGN KEY (parent_group_id) REFERENCES security_groups (id) ON DELETE CASCADE ON UPDATE RESTRICT,
     CONSTRAINT fk_security_group_rules_group
       FOREIGN KEY (group_id) REFERENCES security_groups (id) ON DELETE CASCADE ON UPDATE RESTRICT`,
  ],
  [
    'security_group_members',
    `security_group_id INT UNSIGNED NOT NULL,
     instance_uuid CHAR(36) NOT NULL,
     PRIMARY KEY (security_group_id, instance_uuid),
     KEY ix_security_group_members_instance_uuid (instance_uuid),
     CONSTRAINT fk_security_group_members_group
       FOREIGN KEY (security_group_id) REFERENCES security_groups (id) ON DELETE CASCADE ON UPDATE RESTRICT,
     CONSTRAINT fk_security_group_members_instance
       FOREIGN KEY (instance_uuid) REFERENCES instances (uuid) ON DELETE CASCADE ON UPDATE RESTRICT`,
  ],
  ['security_group_default_rules', `id INT UNSIGNED NOT NULL AUTO_INCREMENT, ${portRange}, PRIMARY KEY (id)`],
  ['provider_firewall_rules', `id INT UNSIGNED NOT NULL AUTO_INCREMENT, ${portRange}, PRIMARY KEY (id)`],
];
