import { expect, test } from 'vitest';
import { Gate } from './gate.js';

/** Work that ends when it is told to. */
function held(): { work: () => Promise<void>; end: () => void } {
  let end: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { work: () => promise, end };
}

test('lets in as many as it is wide, the others in order', async () => {
  const gate = new Gate(2);
  const entered: number[] = [];
  const works = [held(), held(), held(), held()];
  const passed = works.map(({ work }, index) => gate.pass(() => (entered.push(index), work()))); // prettier-ignore
  expect(entered).toEqual([0, 1]);
  works[1]!.end();
  await passed[1];
  expect(entered).toEqual([0, 1, 2]);
  for (const { end } of works) end();
  await Promise.all(passed);
  expect(entered).toEqual([0, 1, 2, 3]);
});

test('lets the next one in when work fails, and hands the error on', async () => {
  const gate = new Gate(1);
  const refusal = new Error('no');
  const failing = gate.pass(() => Promise.reject(refusal));
  const next = gate.pass(async () => 'in');
  await expect(failing).rejects.toBe(refusal);
  expect(await next).toBe('in');
});

test('is idle when nobody is inside', async () => {
  const gate = new Gate(2);
  await gate.whenIdle();
  const { work, end } = held();
  const passing = gate.pass(work);
  let isIdle = false;
  const idle = gate.whenIdle().then(() => (isIdle = true));
  await Promise.resolve();
  expect(isIdle).toBe(false);
  end();
  await Promise.all([passing, idle]);
});
