// Puts the site together: what the page needs beside the two modules that the linker wrote into it.
// Run by the build: node build-site.mjs SITE CACHE CLI MODULES
//   SITE     the folder, with page.mjs, page.wasm, engine.mjs and engine.wasm in it
//   CACHE    where set-up keeps the data sets (CACHE/data)
//   CLI      the launcher of the command line program, which writes the manifest
//   MODULES  the folder of the experiments' modules, ID.wasm
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const [site, cache, cli, modules] = process.argv.slice(2);
const web = dirname(fileURLToPath(import.meta.url));

const kFiles = [
  'index.html', 'page.css', 'icon.svg', 'start.mjs', 'download.mjs', 'engines.mjs', 'engine-worker.mjs',
  'first-picture.mjs', 'input.mjs', 'mirror.mjs', 'requirements.mjs',
];
for (const file of kFiles) {
  if (/\.(mjs|css)$/.test(file)) {  // without lines that are comments, and without indents: a page waits for them
    const lines = readFileSync(join(web, file), 'utf8').split('\n').map((line) => line.trimStart());
    writeFileSync(join(site, file), lines.filter((line) => line !== '' && !/^(\/\/|\/\*.*\*\/$)/.test(line)).join('\n'));
  } else {
    copyFileSync(join(web, file), join(site, file));
  }
}
// The same page for a frame inside another one; page.css and start.mjs look at the attribute.
const page = readFileSync(join(web, 'index.html'), 'utf8');
writeFileSync(join(site, 'embed.html'), page.replace('<html lang="en">', '<html lang="en" data-embedded>'));

// The example of embedding, where its frames find the page.
mkdirSync(join(site, 'examples', 'embed'), { recursive: true });
copyFileSync(join(web, '../examples/embed/two-figures.html'), join(site, 'examples', 'embed', 'two-figures.html'));

// The data sets and texts, compressed, with their licences and where they came from; and the language models.
const data = join(cache, 'data');
rmSync(join(site, 'data'), { recursive: true, force: true });
mkdirSync(join(site, 'data'));
const compress = (from, to) => writeFileSync(`${to}.gz`, gzipSync(readFileSync(from), { level: 9 }));
for (const file of existsSync(data) ? readdirSync(data) : []) {
  if (/\.(csv|txt)$/.test(file)) {
    compress(join(data, file), join(site, 'data', file));
  } else if (!file.startsWith('.')) {
    copyFileSync(join(data, file), join(site, 'data', file));
  }
}

const models = join(web, '../examples/models');
mkdirSync(join(site, 'data', 'models'));
copyFileSync(join(models, 'LICENCES.md'), join(site, 'data', 'models', 'LICENCES.md'));
for (const id of readdirSync(models)) {
  if (!existsSync(join(models, id, 'model.safetensors'))) continue;
  mkdirSync(join(site, 'data', 'models', id));
  for (const file of ['config.json', 'vocab.json', 'merges.txt', 'model.safetensors']) {
    compress(join(models, id, file), join(site, 'data', 'models', id, file));
  }
}

// Descriptions, stored first runs and their pictures; the experiments themselves.
rmSync(join(site, 'experiments'), { recursive: true, force: true });
execFileSync(process.execPath, [cli, 'manifest', '--out', site], { stdio: ['ignore', 'ignore', 'inherit'] });
const { cards } = JSON.parse(readFileSync(join(site, 'manifest.json')));
for (const { id } of cards) copyFileSync(join(modules, `${id}.wasm`), join(site, 'experiments', `${id}.wasm`));

const sizes = Object.fromEntries(['page.wasm', 'engine.wasm'].map((file) => [file, statSync(join(site, file)).size]));
writeFileSync(join(site, 'sizes.json'), `${JSON.stringify(sizes)}\n`);
