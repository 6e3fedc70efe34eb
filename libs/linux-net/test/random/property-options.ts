/** How often a property is tried: small for every day, many times when somebody looks for faults. */
export const PROPERTY_RUNS = Number(process.env['PROPERTY_RUNS'] ?? 8);

const PATH = process.env['PROPERTY_PATH'];

/** Seed and path of a run that failed are printed, and bring it back. */
export const propertyOptions = {
  numRuns: PROPERTY_RUNS,
  seed: Number(process.env['PROPERTY_SEED'] ?? Math.floor(Math.random() * 2 ** 31)),
  ...(PATH !== undefined && { path: PATH }),
  endOnFailure: process.env['PROPERTY_SHRINK'] === 'no',
};

/** On a machine that is busy with other things, too. */
export const propertyTimeout = { timeout: 120_000 + PROPERTY_RUNS * 60_000 };
