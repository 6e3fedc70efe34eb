import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryCommand } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Spool } from './spool.js';

const PROGRAM = fileURLToPath(new URL('../bin/novanet-dhcpbridge', import.meta.url));
const MAC = 'fa:16:3e:00:00:01';

let directory: string;
let spool: Spool;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'novanet-lease-program-'));
  spool = new Spool(join(directory, 'spool'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  const known = { NOVANET_SPOOL: spool.directory, NETWORK_ID: '7', DNSMASQ_LEASE_EXPIRES: '1790000000' };
  return tryCommand([PROGRAM, ...args], { env: { ...known, ...env } });
}

async function contents(): Promise<string[]> {
  return Promise.all((await spool.names()).map((name) => spool.read(name)));
}

describe('the lease program', () => {
  it.each(['add', 'old', 'del'])('leaves one file for %s', async (action) => {
    expect(await run([action, MAC, '10.0.0.3', 'vm-one'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await contents()).toEqual([`${action} ${MAC} 10.0.0.3 1790000000\n`]);
  });

  it.each(['vm one', '$(touch /tmp/x)', '`id`', '"', "'", 'a\nb', '*', '-n', '../x', ';reboot'])(
    'is not impressed by the host name %j',
    async (hostname) => {
      expect(await run(['add', MAC, '10.0.0.3', hostname])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      expect(await contents()).toEqual([`add ${MAC} 10.0.0.3 1790000000\n`]);
    },
  );

  it('names files in the order of events, also when the clock is set back', async () => {
    await run(['old', MAC, '10.0.0.1']);
    await writeFile(join(spool.directory, '.last-7'), '9000000000000000000\n');
    const addresses = Array.from({ length: 20 }, (_, index) => `10.0.0.${index + 2}`);
    for (const address of addresses) await run(['old', MAC, address]);
    expect((await contents()).map((line) => line.split(' ')[2])).toEqual(['10.0.0.1', ...addresses]);
  });

  it('begins at the clock again when its last number is lost', async () => {
    await run(['add', MAC, '10.0.0.2']);
    await writeFile(join(spool.directory, '.last-7'), '');
    await run(['add', MAC, '10.0.0.3']);
    expect(await spool.names()).toHaveLength(2);
  });

  it('loses nothing when several run at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => run(['add', MAC, `10.0.0.${index + 2}`])));
    expect(new Set(await contents()).size).toBe(20);
  });

  it.each(['tftp', 'arp-add', 'relay-snoop'])('has nothing to do with %s', async (action) => {
    expect((await run([action, MAC, '10.0.0.3'])).exitCode).toBe(0);
    expect(await spool.names()).toEqual([]);
  });

  it('prints the leases that dnsmasq begins with', async () => {
    const leases = join(directory, 'leases');
    await writeFile(leases, `1790000000 ${MAC} 10.0.0.3 vm-one *\n`);
    const { exitCode, stdout } = await run(['init'], { NOVANET_LEASES: leases });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `1790000000 ${MAC} 10.0.0.3 vm-one *\n` });
  });

  it('fails when there are no leases to begin with, so that dnsmasq does not start', async () => {
    const { exitCode, stderr } = await run(['init'], { NOVANET_LEASES: '/nowhere/leases' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/nowhere/leases');
  });

  it('names the directory it cannot write to', async () => {
    expect(await run(['add', MAC, '10.0.0.3'], { NOVANET_SPOOL: '/dev/null/spool' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `novanet-dhcpbridge: cannot write to /dev/null/spool: the event 'add ${MAC} 10.0.0.3' is lost\n`,
    });
  });

  it('leaves no half file on a full disk', async () => {
    // A disk of its own for this command alone, full but for the name of a file.
    const script = `
      mount -t tmpfs -o size=4k none "$1" && { head -c 4096 /dev/zero >"$1/fill"; }
      NETWORK_ID=1 NOVANET_SPOOL="$1" "$2" add ${MAC} 10.0.0.3; echo "exit $?"; ls "$1"; ls -A "$1" | grep new`;
    const { stdout, stderr } = await tryCommand([
      'unshare',
      '-m',
      'sh',
      '-c',
      script,
      'sh',
      directory,
      PROGRAM,
    ]);
    expect({ stdout, stderr }).toEqual({
      stdout: 'exit 1\nfill\n',
      stderr: `novanet-dhcpbridge: cannot write to ${directory}: the event 'add ${MAC} 10.0.0.3' is lost\n`,
    });
  });

  it('forgets what one before it left half written', async () => {
    await run(['add', MAC, '10.0.0.2']);
    await writeFile(join(spool.directory, '.new-7-4711'), 'add fa:16');
    await run(['add', MAC, '10.0.0.3']);
    expect(await contents()).toEqual([
      `add ${MAC} 10.0.0.2 1790000000\n`,
      `add ${MAC} 10.0.0.3 1790000000\n`,
    ]);
  });

  it('writes again when the directory can be written to again', async () => {
    await writeFile(spool.directory, 'in the way');
    expect((await run(['add', MAC, '10.0.0.2'])).exitCode).toBe(1);
    await rm(spool.directory);
    expect((await run(['old', MAC, '10.0.0.2'])).exitCode).toBe(0);
    expect(await contents()).toEqual([`old ${MAC} 10.0.0.2 1790000000\n`]);
  });

  it.each(['', 'br100', '7; reboot', '../7'])(
    'files an event of the network %j as one of network 0',
    async (id) => {
      expect((await run(['add', MAC, '10.0.0.3'], { NETWORK_ID: id })).exitCode).toBe(0);
      const [name] = await spool.names();
      expect(name).toMatch(/^\d{19}-0-\d+$/);
    },
  );
});
