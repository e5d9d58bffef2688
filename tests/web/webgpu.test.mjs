// The operations on WebGPU in Chromium, in a Worker: each case against the CPU's results of the same
// module, and what is said when a device is lost, refused or told something wrong.
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import { open_chromium, serve } from './browsers.mjs';

const kFolder = process.env.LAB_WEBGPU_CASES
  ?? fileURLToPath(new URL('../../build/web/tests/webgpu', import.meta.url));

let server, said;
before(async () => {
  copyFileSync(new URL('webgpu-worker.mjs', import.meta.url), join(kFolder, 'webgpu-worker.mjs'));
  writeFileSync(join(kFolder, 'index.html'), '<!doctype html><title>WebGPU</title>');
  server = await serve(kFolder);
  const browser = await open_chromium(['--enable-unsafe-webgpu']);
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    said = await page.evaluate(() => new Promise((resolve, reject) => {
      const messages = [];
      const worker = new Worker('./webgpu-worker.mjs', { type: 'module' });
      worker.onerror = ({ message }) => reject(new Error(message));
      setTimeout(() => reject(new Error(`no end after ${JSON.stringify(messages.at(-1))}`)), 300000);
      worker.onmessage = ({ data }) => {
        messages.push(data);
        if (data.kind === 'end' || data.kind === 'absent') resolve(messages);
      };
    }));
  } finally {
    await browser.close();
  }
});
after(() => server?.stop());

test('every case is within its bounds, and what goes wrong is said', async (run) => {
  const absent = said.find(({ kind }) => kind === 'absent');
  if (absent) {
    assert.ok(absent.right, absent.text);
    run.skip(absent.text);
    return;
  }
  assert.equal(said.at(-1).kind, 'end');
  for (const { name, text } of said.filter(({ kind }) => kind === 'adapter')) console.log(`  ${name}: ${text}`);
  const cases = said.filter(({ kind }) => kind === 'case');
  assert.ok(cases.length > 40);
  for (const { name, right, text } of cases) {
    console.log(`  ${name}: ${text}`);
    await run.test(name, () => assert.ok(right, text));
  }
});
