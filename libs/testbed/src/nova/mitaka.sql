-- The tables of nova's database (Mitaka) that an import reads.
CREATE TABLE instances (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id VARCHAR(255), project_id VARCHAR(255), image_ref VARCHAR(255), kernel_id VARCHAR(255),
  ramdisk_id VARCHAR(255), launch_index INT, key_name VARCHAR(255), key_data MEDIUMTEXT, vm_state VARCHAR(255),
  hostname VARCHAR(255), host VARCHAR(255), user_data MEDIUMTEXT, reservation_id VARCHAR(255),
  display_name VARCHAR(255), availability_zone VARCHAR(255), uuid VARCHAR(36) NOT NULL, instance_type_id INT,
  UNIQUE KEY uniq_instances0uuid (uuid), KEY instances_host_idx (host)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE instance_metadata (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `key` VARCHAR(255), value VARCHAR(255), instance_uuid VARCHAR(36),
  KEY instance_metadata_instance_uuid_idx (instance_uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE instance_types (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE s3_images (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid VARCHAR(36) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE networks (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  injected TINYINT(1), cidr VARCHAR(43), netmask VARCHAR(39), bridge VARCHAR(255), gateway VARCHAR(39),
  broadcast VARCHAR(39), dns1 VARCHAR(39), vlan INT, vpn_public_address VARCHAR(39), vpn_public_port INT,
  vpn_private_address VARCHAR(39), dhcp_start VARCHAR(39), project_id VARCHAR(255), host VARCHAR(255),
  cidr_v6 VARCHAR(43), gateway_v6 VARCHAR(39), label VARCHAR(255), netmask_v6 VARCHAR(39),
  bridge_interface VARCHAR(255), multi_host TINYINT(1), dns2 VARCHAR(39), uuid VARCHAR(36), priority INT,
  rxtx_base INT, mtu INT, dhcp_server VARCHAR(39), enable_dhcp TINYINT(1), share_address TINYINT(1),
  UNIQUE KEY uniq_networks0vlan0deleted (vlan, deleted)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE virtual_interfaces (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  address VARCHAR(255), network_id INT, uuid VARCHAR(36), instance_uuid VARCHAR(36),
  UNIQUE KEY uniq_virtual_interfaces0address0deleted (address, deleted), KEY network_id (network_id),
  CONSTRAINT virtual_interfaces_instance_uuid_fkey FOREIGN KEY (instance_uuid) REFERENCES instances (uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE fixed_ips (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  address VARCHAR(39), network_id INT, allocated TINYINT(1), leased TINYINT(1), reserved TINYINT(1),
  virtual_interface_id INT, host VARCHAR(255), instance_uuid VARCHAR(36),
  UNIQUE KEY uniq_fixed_ips0address0deleted (address, deleted), KEY network_id (network_id),
  CONSTRAINT fixed_ips_instance_uuid_fkey FOREIGN KEY (instance_uuid) REFERENCES instances (uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE floating_ips (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  address VARCHAR(39), fixed_ip_id INT, project_id VARCHAR(255), host VARCHAR(255), auto_assigned TINYINT(1),
  pool VARCHAR(255), interface VARCHAR(255),
  UNIQUE KEY uniq_floating_ips0address0deleted (address, deleted)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE dns_domains (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted TINYINT(1),
  domain VARCHAR(255) NOT NULL PRIMARY KEY, scope VARCHAR(255), availability_zone VARCHAR(255),
  project_id VARCHAR(255)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE security_groups (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(255), description VARCHAR(255), user_id VARCHAR(255), project_id VARCHAR(255),
  UNIQUE KEY uniq_security_groups0project_id0name0deleted (project_id, name, deleted)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE security_group_rules (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  parent_group_id INT, protocol VARCHAR(255), from_port INT, to_port INT, cidr VARCHAR(43), group_id INT,
  FOREIGN KEY (parent_group_id) REFERENCES security_groups (id),
  FOREIGN KEY (group_id) REFERENCES security_groups (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE security_group_instance_association (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  security_group_id INT, instance_uuid VARCHAR(36),
  FOREIGN KEY (security_group_id) REFERENCES security_groups (id),
  FOREIGN KEY (instance_uuid) REFERENCES instances (uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE security_group_default_rules (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  protocol VARCHAR(5), from_port INT, to_port INT, cidr VARCHAR(43)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE provider_fw_rules (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  protocol VARCHAR(5), from_port INT, to_port INT, cidr VARCHAR(43)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE quotas (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  project_id VARCHAR(255), resource VARCHAR(255) NOT NULL, hard_limit INT,
  UNIQUE KEY uniq_quotas0project_id0resource0deleted (project_id, resource, deleted)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE project_user_quotas (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  user_id VARCHAR(255) NOT NULL, project_id VARCHAR(255) NOT NULL, resource VARCHAR(255) NOT NULL, hard_limit INT
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

CREATE TABLE quota_classes (
  created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, deleted INT,
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  class_name VARCHAR(255), resource VARCHAR(255), hard_limit INT
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
