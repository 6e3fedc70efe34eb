import { expect, it, onTestFinished } from 'vitest';
import { startVpnServer } from '../testing/vpn-server.js';
import { isVpnUp } from './vpn-ping.js';

const ADDRESS = '127.0.0.1';
const PATIENT_MS = 5000;

it('a VPN is up that answers as OpenVPN does', async () => {
  const server = await startVpnServer();
  onTestFinished(() => server.stop());
  expect(await isVpnUp(ADDRESS, server.port, PATIENT_MS)).toBe(true);
});

it.each<[string, (answer: Buffer) => Buffer]>([
  ['answers too little', (answer) => answer.subarray(0, 25)],
  ['answers something else', (answer) => Buffer.concat([Buffer.from([0x41]), answer.subarray(1)])],
  ['answers another client', (answer) => Buffer.concat([answer.subarray(0, 14), Buffer.alloc(12)])],
])('none is up that %s', async (_what, distort) => {
  const server = await startVpnServer(distort);
  onTestFinished(() => server.stop());
  expect(await isVpnUp(ADDRESS, server.port, PATIENT_MS)).toBe(false);
});

it('none is up where nobody is, or nobody answers', async () => {
  const silent = await startVpnServer(null);
  onTestFinished(() => silent.stop());
  expect(await isVpnUp(ADDRESS, silent.port)).toBe(false);
  const gone = await startVpnServer();
  await gone.stop();
  expect(await isVpnUp(ADDRESS, gone.port)).toBe(false);
});
