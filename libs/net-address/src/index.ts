// Addresses, blocks, MACs and names as values: parsed once at the edge, trusted inside.
export { InvalidAddressText } from './address.error.js';
export { Cidr, Ipv4Cidr, Ipv6Cidr, type CidrFamily } from './cidr.js';
export { IpAddress, type IpVersion } from './ip-address.js';
export { Ipv4 } from './ipv4.js';
export { Ipv6 } from './ipv6.js';
export { Mac } from './mac.js';
export { parseDeviceName, parseHostName, tryParseHostName, type DeviceName, type HostName } from './names.js';
export { parseIp, tryParseIp } from './parse-ip.js';
