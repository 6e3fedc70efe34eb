import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

const CLOUDPIPE = '/v2.1/os-cloudpipe';
const pipe = {
  project_id: 'p1',
  public_ip: '203.0.113.9',
  public_port: 1000,
  internal_ip: '10.0.0.2',
  instance_id: 'i1',
  state: 'running',
};

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet vpn', () => {
  it('lists VPNs', async () => {
    const other = { ...pipe, project_id: 'p2', internal_ip: null, instance_id: null, state: 'pending' };
    api.answer(`GET ${CLOUDPIPE}`, 200, { cloudpipes: [pipe, other] });
    expect((await api.type('vpn list')).out).toBe(
      [
        'project  ip:port           private_ip  instance  state',
        'p1       203.0.113.9:1000  10.0.0.2    i1        running',
        'p2       203.0.113.9:1000  -           -         pending',
      ].join('\n'),
    );
    expect(JSON.parse((await api.type('vpn list --project p1 --json')).out)).toEqual([pipe]);
  });

  it.each(['vpn change --project p1 --ip 203.0.113.9 --port 1000', 'vpn change p1 203.0.113.9 1000'])(
    '%s',
    async (line) => {
      api.answer(`PUT ${CLOUDPIPE}/configure-project`, 202);
      expect(await api.type(line)).toEqual({
        exitCode: 0,
        out: 'The VPN of project p1 is reached at 203.0.113.9:1000.',
        complaints: '',
      });
      expect(api.changes).toEqual([
        {
          line: `PUT ${CLOUDPIPE}/configure-project`,
          body: { configure_project: { vpn_ip: '203.0.113.9', vpn_port: 1000, project_id: 'p1' } },
        },
      ]);
    },
  );

  it.each([
    { line: 'vpn change --project p1', exitCode: 2 },
    { line: 'vpn change p1 203.0.113 1000', exitCode: 2 },
    { line: 'vpn change p1 203.0.113.9 a', exitCode: 2 },
    { line: 'vpn run p1', exitCode: 1 },
    { line: 'vpn run --project p1 --user u1', exitCode: 1 },
    { line: 'vpn spawn', exitCode: 1 },
  ])('refuses $line', async ({ line, exitCode }) => {
    expect((await api.type(line)).exitCode).toBe(exitCode);
    expect(api.requests).toEqual([]);
  });

  it('says how a VPN is launched', async () => {
    expect((await api.type('vpn run p1')).complaints).toBe(
      'novanet: A network service launches no instances: launch one of the VPN image as project p1 through your compute ' +
        'service, which asks for the VPN address of the network. novanet vpn change says where it is reached, novanet vpn ' +
        'list shows it.',
    );
  });
});
