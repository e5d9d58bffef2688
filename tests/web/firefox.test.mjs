// The page in Debian's Firefox: the first picture, and then the workbench, or what is missing for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { kSite, open_firefox, serve } from './browsers.mjs';

let server, browser;
before(async () => {
  server = await serve(kSite);
  browser = await open_firefox();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

test('the first picture stands, and what follows says what it is', async (run) => {
  if (!browser) return run.skip('there is no Firefox');
  const page = await browser.newPage();
  await page.goto(`${server.address}#lr-gd-perceptron?data=gaussians&max_iterations=50`);
  await page.waitForFunction(() => document.querySelector('#first-pictures img')?.naturalWidth > 100);
  assert.match(await page.locator('#first-title').textContent(), /perceptron/);
  // Without a graphics card a headless Firefox has no WebGL 2.
  await page.waitForFunction(
    () => globalThis.logitLab || !document.getElementById('problem').hidden, null, { timeout: 60000 });
  const problem = await page.locator('#problem').textContent();
  if (problem) {
    assert.match(problem, /WebGL 2\. It needs hardware acceleration/);
    assert.doesNotMatch(problem, /SIMD|exceptions/);
  }
});
