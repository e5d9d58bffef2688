// The server of ./lab run: right types, compression, nothing outside of its folder, a port that is
// free.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { serve } from './browsers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'logit-lab-serve-'));
let server;

// The path goes out as it is written: `fetch` would tidy it up.
function get(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.address);
    request({ hostname, port, path, headers, method }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    }).on('error', reject).end();
  });
}

before(async () => {
  mkdirSync(join(folder, 'site', 'data'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'site', 'index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'site', 'page.wasm'), 'wasm '.repeat(1000));
  writeFileSync(join(folder, 'site', 'data', 'a.csv.gz'), 'packed');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'site', 'link.txt'));
  server = await serve(join(folder, 'site'));
});
after(() => server.stop());

test('files come with their types, and are not kept by the browser', async () => {
  const page = await get('/');
  assert.equal(page.status, 200);
  assert.equal(page.body.toString(), '<p>page</p>');
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.headers['cache-control'], /no-cache/);
  assert.equal((await get('/page.wasm')).headers['content-type'], 'application/wasm');
});

test('what is worth it is compressed for those who want that', async () => {
  const packed = await get('/page.wasm', { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(packed.body).toString(), 'wasm '.repeat(1000));
  const data = await get('/data/a.csv.gz', { 'accept-encoding': 'gzip' });
  assert.equal(data.headers['content-encoding'], undefined);
  assert.equal(data.body.toString(), 'packed');
});

test('nothing outside of the folder can be read', async () => {
  const ways = ['/../secret.txt', '/%2e%2e/secret.txt', '/data/..%2f..%2fsecret.txt', '/data/../../secret.txt', '/link.txt', '/..\\secret.txt', '//etc/passwd', '/%00', '/%'];
  for (const way of ways) {
    const answer = await get(way);
    assert.equal(answer.status, 404, way);
    assert.doesNotMatch(answer.body.toString(), /secret\n?$|root:/, way);
  }
  assert.equal((await get('/', {}, 'POST')).status, 405);
});

test('a port in use gives way to the next', async () => {
  const second = await serve(join(folder, 'site'));
  assert.notEqual(new URL(second.address).port, new URL(server.address).port);
  second.stop();
});
