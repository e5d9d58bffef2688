// Serves a folder on this machine alone, for looking at the page: node serve.mjs FOLDER [PORT]
// PORT: 8080 if none is given; a port that is in use gives way to the next. Ctrl-C ends it.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

const kTypes = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.frames': 'application/octet-stream',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const kCompressed = new Set(['.css', '.frames', '.html', '.js', '.json', '.mjs', '.svg', '.wasm']);
const kPortsTried = 20;

const [folder = '.', port = '8080'] = process.argv.slice(2);

// The file that an address names, or null. Links that lead out of the folder are not followed.
async function file_of(root, address) {
  let path;
  try {
    path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  if (path.endsWith('/')) path += 'index.html';
  try {
    const file = await realpath(join(root, path));
    const { size, isFile } = await stat(file).then((found) => ({ size: found.size, isFile: found.isFile() }));
    return file.startsWith(root + sep) && isFile ? { file, size } : null;
  } catch {
    return null;
  }
}

async function answer(root, request, response) {
  const head = request.method === 'HEAD';
  if (request.method !== 'GET' && !head) {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const found = await file_of(root, request.url);
  if (!found) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such file.\n');
    return;
  }
  const ending = extname(found.file);
  const headers = {
    'Content-Type': kTypes[ending] ?? 'application/octet-stream',
    'Cache-Control': 'no-cache, no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  const compressed = kCompressed.has(ending) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (compressed) {
    headers['Content-Encoding'] = 'gzip';
  } else {
    headers['Content-Length'] = found.size;
  }
  response.writeHead(200, headers);
  if (head) {
    response.end();
  } else if (compressed) {
    pipeline(createReadStream(found.file), createGzip({ level: 6 }), response, () => {});
  } else {
    pipeline(createReadStream(found.file), response, () => {});
  }
}

const root = await realpath(folder).catch(() => null);
if (root === null) {
  console.error(`There is no folder ${folder}.`);
  process.exit(2);
}
const first = Number(port);
const server = createServer((request, response) => {
  answer(root, request, response).catch(() => response.destroy());
});
let at = first;
server.on('error', (error) => {
  if (error.code === 'EADDRINUSE' && at < first + kPortsTried) {
    server.listen(++at, '127.0.0.1');
  } else {
    console.error(`Cannot listen on port ${at}: ${error.message}`);
    process.exit(3);
  }
});
server.on('listening', () => {
  console.log(`Logit Lab is at http://127.0.0.1:${server.address().port}/ (Ctrl-C ends it)`);
});
server.listen(at, '127.0.0.1');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
