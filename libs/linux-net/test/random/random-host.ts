import { isDeepStrictEqual } from 'node:util';
import type { HostPlan } from '@novanet/host-plan';
import { isAlive, type ProcessIdentity, waitFor } from '@novanet/testbed';
import { type ConvergeReport, LinuxHost } from '../../src/index.js';
import { TestHost } from '../test-host.js';
import { type HostPicture, pictureOf } from './host-picture.js';
import { deviceOf, macOf, situationOf, type SituationRecipe } from './recipes.js';
import { surround, type Surroundings } from './surroundings.js';

const PLUGGABLE = [1, 2, 10];

const EVERYTHING = { links: true, rules: true, sets: true };

/** A host with surroundings, which is taken through situations. */
export class RandomHost implements AsyncDisposable {
  private constructor(
    readonly test: TestHost,
    /** Processes of others. */
    private readonly others: readonly ProcessIdentity[],
  ) {}

  /** It has eth0, eth1 and eth2 with cables, and the devices of instances, plugged in nowhere. */
  static async create(own: Surroundings): Promise<RandomHost> {
    const test = await TestHost.create();
    const far = test.network.netns('wire');
    // On an uplink the kernel makes itself addresses of the advertisements it hears, ours included, when they come.
    await test.run(
      'sysctl',
      '-q',
      '-w',
      ...['default', 'eth0', 'eth1'].map((name) => `net.ipv6.conf.${name}.accept_ra_pinfo=0`),
    );
    const devices = PLUGGABLE.map(deviceOf);
    await test.ip(
      ...['eth2', ...devices].map((name) => `link add ${name} type veth peer name ${name} netns ${far}`),
      'link set eth2 address 52:54:00:00:00:12 up',
      ...PLUGGABLE.map((n) => `link set ${deviceOf(n)} address fe${macOf(n).toString().slice(2)} up`),
    );
    await test.network.ip('wire', ...['eth2', ...devices].map((name) => `link set ${name} up`));
    return new RandomHost(test, await surround(test, own));
  }

  planOf(recipe: SituationRecipe): HostPlan {
    const { networks, settings, ...more } = situationOf(recipe);
    return this.test.plan(networks, settings, more);
  }

  /** By a worker that has just started. */
  converge(recipe: SituationRecipe) {
    this.test.linux = new LinuxHost(this.test.runner);
    return this.convergeAgain(recipe);
  }

  /** By the same worker as before, which looks at everything. */
  convergeAgain(recipe: SituationRecipe) {
    return this.test.linux.converge(this.planOf(recipe));
  }

  /** By the same worker, which knows that nobody has changed anything meanwhile. */
  convergeFromMemory(recipe: SituationRecipe) {
    return this.test.linux.convergeFrom(() => EVERYTHING, this.planOf(recipe));
  }

  /** What another worker would find to do. */
  async differences(recipe: SituationRecipe): Promise<ConvergeReport['changes']> {
    return (await new LinuxHost(this.test.runner).converge(this.planOf(recipe))).changes;
  }

  /** What a compute service does: the instances that are there now, each in the bridge of its network. */
  async plug({ plugged, networks }: Pick<SituationRecipe, 'plugged' | 'networks'>): Promise<void> {
    const [planned, existing] = [new Set(networks.map(({ bridge }) => bridge)), await this.bridges()];
    const masters = new Map(plugged.filter(([, bridge]) => planned.has(bridge) && existing.has(bridge)));
    await this.test.ip(
      ...PLUGGABLE.map((n) => {
        const bridge = masters.get(n);
        return `link set ${deviceOf(n)} ${bridge === undefined ? 'nomaster' : `master ${bridge}`}`;
      }),
    );
  }

  private picture(recipe: SituationRecipe): Promise<HostPicture> {
    return pictureOf(this.test, this.planOf(recipe));
  }

  /** This host and another one, when they look the same: the kernel finishes some things (addresses) a moment later. */
  async picturesBeside(
    fresh: RandomHost,
    recipe: SituationRecipe,
  ): Promise<[own: HostPicture, fresh: HostPicture]> {
    const look = () => Promise.all([this.picture(recipe), fresh.picture(recipe)]);
    const areEqual = async () => isDeepStrictEqual(...(await look()));
    await waitFor(areEqual, { limitMs: 4000, everyMs: 100, what: 'both hosts look the same' }).catch(
      () => undefined,
    );
    return look();
  }

  /** Whether all processes that are not ours still run. */
  get hasAllOthers(): boolean {
    return this.others.every((one) => isAlive(one));
  }

  private async bridges(): Promise<Set<string>> {
    const text = await this.test.run('ip', '-o', 'link', 'show', 'type', 'bridge');
    return new Set([...text.matchAll(/^\d+: ([^:@]+)/gm)].map(([, name = '']) => name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.test.remove();
  }
}
