import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { withPacketTable } from './packet-page.js';

const page = join(import.meta.dirname, '../../../docs/dataplane.md');

it('docs/dataplane.md has the packets that are sent in tests', async () => {
  await expect(withPacketTable(readFileSync(page, 'utf8'))).toMatchFileSnapshot(page);
});
