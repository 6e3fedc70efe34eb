import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { CloudModel } from '../cloud-model.js';
import { compare } from '../compare.js';
import type { ModelCloud, Request } from '../testing/model-cloud.js';

export type Act = (model: CloudModel, cloud: ModelCloud) => Promise<void>;

/** One operation: does it, checks the answer, changes the model alike; then everything is compared. */
export class Step implements fc.AsyncCommand<CloudModel, ModelCloud> {
  constructor(
    private readonly text: string,
    private readonly act: Act,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: CloudModel, cloud: ModelCloud): Promise<void> {
    await this.act(model, cloud);
    await compare(model, cloud);
  }

  toString(): string {
    return this.text;
  }
}

/** The step of this name for each value. */
export function steps<T>(name: string, wishes: fc.Arbitrary<T>, act: (wish: T) => Act): fc.Arbitrary<Step> {
  return wishes.map((wish) => new Step(`${name} ${JSON.stringify(wish)}`, act(wish)));
}

/** Why a request has to be refused: with one of these exceptions. None: it has to be granted. */
export type Refusals = ReadonlySet<string>;

/** The answer, undefined when the request was refused as it had to be. */
export async function ask(
  cloud: ModelCloud,
  request: Request,
  refusals: Refusals,
): Promise<{ readonly answer: unknown } | undefined> {
  const outcome = await cloud.ask(request);
  if ('answer' in outcome) {
    expect({ request, isGranted: true }).toEqual({ request, isGranted: refusals.size === 0 });
    return outcome;
  }
  const { refusal, message } = outcome;
  const isRight = refusals.has(refusal);
  expect({ request, refusal, message, isRight }).toEqual({
    request,
    refusal: isRight ? refusal : `one of [${[...refusals].join()}]`,
    message,
    isRight: true,
  });
  return undefined;
}

/** What is answered is checked like everything else. */
export function mustBe(answered: unknown, promised: unknown): void {
  expect(answered).toEqual(promised);
}

/** Why this host would not do its part when the worker asks it to. */
export function hostRefusals(model: CloudModel, host: string, worker: string): string[] {
  const state = model.hosts.get(host);
  if (!state?.isUp && host !== worker) return ['NetworkHostUnavailable'];
  return state?.isBroken ? ['HostSetupFailed'] : [];
}

/** Once in five times. */
export function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ arbitrary: fc.constant(null), weight: 4 }, { arbitrary: value, weight: 1 });
}

// Places of networks and numbers of instances are few, so that the steps meet.
export const anyPlace = fc.nat(3);
export const anyInstance = fc.nat(3);
/** Which of the workers that are up answers. */
export const anyWorker = fc.nat(2);
export const anyHost = fc.constantFrom('h1', 'h2', 'h3');
/** Also those that nobody may have, and of networks that are not there. */
export const anyAddress = fc
  .tuple(anyPlace, fc.nat(6))
  .map(([network, offset]) => `10.0.${network}.${offset}`);
