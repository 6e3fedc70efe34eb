/** The limits of a configuration that does not name any. */
export const standardLimits = {
  floating_ips: 10,
  fixed_ips: -1,
  security_groups: 10,
  security_group_rules: 20,
};
