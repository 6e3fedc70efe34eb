import type { WaysOut } from '../http/api-answers.js';
import { queryOf, type ApiClient } from '../http/api-client.js';
import { isCheck, isFinding, isMended, type Diagnosis, type Mended, type Patient } from './diagnosis.js';

const DOCTOR_WAYS_OUT: WaysOut = {
  404: 'novanet service list and novanet network list show what there is',
  409: 'say which one by its uuid',
};

/** What is wrong with the cloud, or with what is asked for. Throws CliFailure. */
export async function examine(api: ApiClient, patient: Patient): Promise<Diagnosis> {
  const answer = await api.get(`/v2.1/os-novanet-doctor${queryOf({ ...patient })}`, DOCTOR_WAYS_OUT);
  return { findings: answer.list('findings', isFinding), checked: answer.list('checked', isCheck) };
}

/** Mends what is safe to mend; answers what was. Throws CliFailure. */
export async function mend(api: ApiClient, patient: Patient): Promise<readonly Mended[]> {
  const answer = await api.post('/v2.1/os-novanet-doctor/fix', { fix: patient }, DOCTOR_WAYS_OUT);
  return answer.list('mended', isMended);
}
