import { FixedIpActions } from './fixed-ip-actions.js';
import { FloatingIpActions } from './floating-ip-actions.js';
import { SecurityGroupActions } from './security-group-actions.js';
import { ServerActionController } from './server-action.controller.js';
import { ServerController } from './server.controller.js';
import { VirtualInterfaceController } from './virtual-interface.controller.js';

/** All routes below `/servers` that are not about security groups. */
export const serverControllers = [ServerController, ServerActionController, VirtualInterfaceController];

/** What they stand on. */
export const serverProviders = [FloatingIpActions, FixedIpActions, SecurityGroupActions];
