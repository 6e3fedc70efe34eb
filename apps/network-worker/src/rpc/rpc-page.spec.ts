import { expect, it } from 'vitest';
import { renderRpcPage } from './rpc-page.js';
import { declaredMethods } from './rpc.decorator.js';
import './rpc.module.js';

it('docs/rpc.md says what the handlers declare', async () => {
  const page = new URL('../../../../docs/rpc.md', import.meta.url);
  await expect(renderRpcPage(declaredMethods)).toMatchFileSnapshot(page.pathname);
});
