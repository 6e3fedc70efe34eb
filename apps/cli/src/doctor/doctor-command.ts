import { isIP } from 'node:net';
import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { withExamples } from '../grammar/command-facts.js';
import { examine, mend } from './api-doctor.js';
import type { Patient } from './diagnosis.js';
import { renderDiagnosis, renderMended } from './render-diagnosis.js';

interface DoctorOptions {
  readonly host?: string;
  readonly fix?: boolean;
  readonly all?: boolean;
}

/** Makes `novanet doctor`. */
export function doctorCommand(doctor: Command, tools: CommandTools): void {
  withExamples(
    doctor,
    'novanet doctor',
    'novanet doctor web',
    'novanet doctor 203.0.113.5',
    'novanet doctor --host compute1 --fix',
  )
    .description('say what is wrong: the first thing to mend, why, and by what command')
    .argument('[patient]', 'an instance (uuid or name) or an address; none: the whole cloud')
    .option('--host <host>', 'look at one host')
    .option('--fix', 'mend what is safe to mend, without asking')
    .option('--all', 'show all findings, not only the first')
    .action(async (name: string | undefined, options: DoctorOptions) => {
      const patient = patientOf(name, options);
      const api = tools.api();
      const mended = options.fix ? await mend(api, patient) : undefined;
      if (mended) tools.warn(renderMended(mended));
      const diagnosis = await examine(api, patient);
      tools.answer(
        { ...(mended && { mended }), ...diagnosis },
        renderDiagnosis(diagnosis, options.all ?? false),
      );
      const { length } = diagnosis.findings;
      if (length > 0)
        throw new CliFailure('refused', `${length} ${length === 1 ? 'thing is' : 'things are'} wrong.`);
    });
}

function patientOf(name: string | undefined, { host }: DoctorOptions): Patient {
  if (name === undefined) return host === undefined ? {} : { host };
  if (host !== undefined) {
    throw new CliFailure(
      'usage',
      'say --host, or an instance, or an address: the doctor looks at one of them.',
    );
  }
  return isIP(name) === 0 ? { instance: name } : { address: name };
}
