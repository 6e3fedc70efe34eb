import { option } from '../option.js';
import { boolean, label, secondsOrNone } from '../option-types.js';

/** Public addresses that instances get for a while. */
export const floatingIpOptions = {
  defaultFloatingPool: option(
    'default_floating_pool',
    label,
    'nova',
    'Pool that floating IPs come from, unless told.',
  ),
  autoAssignFloatingIp: option(
    'auto_assign_floating_ip',
    boolean,
    'false',
    'Every new instance gets a floating IP, and loses it when it is deleted.',
  ),
  autoAssignFloatingIpRequired: option(
    'auto_assign_floating_ip_required',
    boolean,
    'true',
    'An instance that cannot get its automatic floating IP is refused; false: it starts without. nova has no such option.',
  ),
  floatingIpQuarantine: option(
    'floating_ip_quarantine',
    secondsOrNone,
    '60',
    'Seconds a released floating IP rests before another project may get it. nova has no such option.',
  ),
};
