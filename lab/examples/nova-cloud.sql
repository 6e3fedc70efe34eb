-- A small cloud of nova's (after libs/testbed/src/nova/mitaka.sql): one network on h1, two instances, a floating IP.
INSERT INTO instances (id, uuid, project_id, user_id, host, hostname, display_name, deleted, created_at) VALUES
  (11, 'b08eb8d8-0000-4000-8000-000000000011', 'demo', 'joe', 'h1', 'web', 'web', 0, '2016-05-04 10:00:00'),
  (12, 'b08eb8d8-0000-4000-8000-000000000012', 'demo', 'joe', 'h1', 'db', 'db', 0, '2016-05-04 10:00:00');

INSERT INTO networks (id, uuid, label, cidr, netmask, gateway, broadcast, dhcp_start, dhcp_server, dns1, bridge,
  bridge_interface, host, injected, multi_host, enable_dhcp, share_address, deleted, created_at) VALUES
  (4, 'a04e56ca-0000-4000-8000-000000000004', 'private', '10.0.0.0/24', '255.255.255.0', '10.0.0.1', '10.0.0.255',
   '10.0.0.2', '10.0.0.1', '8.8.4.4', 'br100', 'eth1', 'h1', 0, 0, 1, 0, 0, '2016-05-04 10:00:00');

INSERT INTO virtual_interfaces (id, uuid, address, network_id, instance_uuid, deleted, created_at) VALUES
  (21, 'c04e56ca-0000-4000-8000-000000000021', 'fa:16:3e:00:00:21', 4, 'b08eb8d8-0000-4000-8000-000000000011', 0, '2016-05-04 10:00:00'),
  (22, 'c04e56ca-0000-4000-8000-000000000022', 'fa:16:3e:00:00:22', 4, 'b08eb8d8-0000-4000-8000-000000000012', 0, '2016-05-04 10:00:00');

INSERT INTO fixed_ips (id, address, network_id, virtual_interface_id, instance_uuid, allocated, leased, reserved, deleted) VALUES
  (31, '10.0.0.0', 4, NULL, NULL, 0, 0, 1, 0),
  (32, '10.0.0.1', 4, NULL, NULL, 0, 0, 1, 0),
  (33, '10.0.0.2', 4, NULL, NULL, 0, 0, 0, 0),
  (34, '10.0.0.3', 4, 21, 'b08eb8d8-0000-4000-8000-000000000011', 1, 1, 0, 0),
  (35, '10.0.0.4', 4, 22, 'b08eb8d8-0000-4000-8000-000000000012', 1, 1, 0, 0),
  (36, '10.0.0.5', 4, NULL, NULL, 0, 0, 0, 0),
  (37, '10.0.0.255', 4, NULL, NULL, 0, 0, 1, 0);

INSERT INTO floating_ips (id, address, fixed_ip_id, project_id, host, auto_assigned, pool, interface, deleted) VALUES
  (41, '192.0.2.100', 34, 'demo', 'h1', 0, 'nova', 'eth0', 0),
  (42, '192.0.2.101', NULL, NULL, NULL, 0, 'nova', 'eth0', 0);

INSERT INTO security_groups (id, name, description, user_id, project_id, deleted) VALUES
  (51, 'default', 'default', 'joe', 'demo', 0);
INSERT INTO security_group_rules (id, parent_group_id, protocol, from_port, to_port, cidr, deleted) VALUES
  (61, 51, 'icmp', -1, -1, '0.0.0.0/0', 0);
INSERT INTO security_group_instance_association (id, security_group_id, instance_uuid, deleted) VALUES
  (71, 51, 'b08eb8d8-0000-4000-8000-000000000011', 0),
  (72, 51, 'b08eb8d8-0000-4000-8000-000000000012', 0);
