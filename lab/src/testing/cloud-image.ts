import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inNamespace, runCommand } from '@novanet/testbed';

/** What the firmware of an instance says of itself: by that cloud-init knows which cloud it is in. */
export interface Firmware {
  readonly productName: string;
  /** Uuid and serial number. */
  readonly uuid: string;
}

/** What is found in an instance that has booted. */
export interface BootedImage {
  /** cloud-init's own account. */
  readonly datasource: string;
  readonly errors: readonly string[];
  readonly hostname: string;
  readonly authorizedKeys: string;
  /** What the script that is its user data wrote to `/root/written`. */
  readonly written: string;
  /** `/etc/network/interfaces.d`. */
  readonly interfaces: string;
  readonly routes: string;
  readonly log: string;
}

/**
 * A boot as systemd orders it. The image is this machine's Debian, with nothing of this machine's network, and its own
 * processes, devices and name.
 */
const BOOT = String.raw`
set -e
root=$1
mount -t tmpfs none "$root"
mkdir "$root/upper" "$root/work" "$root/image"
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/image"
cd "$root/image"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs run run
mount -t tmpfs tmp tmp
rm -rf var/lib/cloud var/log/cloud-init* var/lib/dhcp/* etc/network/interfaces.d etc/netplan etc/resolv.conf
mkdir -p etc/network/interfaces.d
touch etc/resolv.conf
# The lab leads to no resolver outside, and cloud-init would wait for one.
mkdir -p etc/dhcp/dhclient-enter-hooks.d
echo 'make_resolv_conf() { :; }' > etc/dhcp/dhclient-enter-hooks.d/without-dns
echo 'source /etc/network/interfaces.d/*' > etc/network/interfaces
printf 'datasource_list: [%s, None]\nlocale: false\nssh_genkeytypes: [ed25519]\n' "$2" > etc/cloud/cloud.cfg.d/99-image.cfg
cat > usr/sbin/dmidecode <<DMI
#!/bin/sh
case "\$*" in
  *system-product-name*) echo '$3' ;;
  *system-uuid* | *system-serial-number*) echo '$4' ;;
  *) echo unknown ;;
esac
DMI
printf '#!/bin/sh\necho none\nexit 1\n' > usr/bin/systemd-detect-virt
chmod +x usr/sbin/dmidecode usr/bin/systemd-detect-virt
for device in $(ls sys/class/net); do ip addr flush dev "$device" scope global; done
ip link set lo up
stage() { chroot . "$@" >> run/stages 2>&1 || echo "FAILED: $*" >> run/stages; }
stage cloud-init init --local
stage ifup -a --force
stage cloud-init init
stage cloud-init modules --mode config
stage cloud-init modules --mode final
show() { echo "==== $1"; shift; "$@" 2>/dev/null || true; }
show result cat run/cloud-init/result.json
show hostname hostname
show keys cat home/debian/.ssh/authorized_keys
show written cat root/written
show interfaces sh -c 'cat etc/network/interfaces.d/*'
show routes ip route
show log cat run/stages var/log/cloud-init.log
`;

/**
 * Lets an unmodified cloud-init boot in the network namespace of an instance, as its hardware would be. What the namespace
 * has of an earlier boot is taken off its interfaces.
 */
export async function bootImage(
  netns: string,
  datasource: 'OpenStack' | 'Ec2',
  { productName, uuid }: Firmware,
): Promise<BootedImage> {
  const root = mkdtempSync(join(tmpdir(), 'novanet-image-'));
  const own = ['unshare', '--mount', '--uts', '--pid', '--fork', '--kill-child'];
  try {
    const argv = [...own, 'sh', '-c', BOOT, 'boot', root, datasource, productName, uuid];
    const [program = '', ...args] = inNamespace(netns, argv);
    return imageIn(await runCommand([program, ...args], { timeoutMs: 240_000 }));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function imageIn(text: string): BootedImage {
  const parts = new Map(
    text.split(/^==== /m).map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
  const part = (name: string) => parts.get(name) ?? '';
  const result: { v1?: { datasource?: string; errors?: string[] } } = JSON.parse(part('result') || '{}');
  return {
    datasource: result.v1?.datasource ?? '',
    errors: result.v1?.errors ?? ['there is no result'],
    hostname: part('hostname').trim(),
    authorizedKeys: part('keys'),
    written: part('written').trim(),
    interfaces: part('interfaces'),
    routes: part('routes'),
    log: part('log'),
  };
}
