// How much does a person wait for? Files of the site, compressed as a server sends them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { kFirstFigures } from '../../web/first-picture.mjs';

// Bytes: of the page that the bare address opens, until its first live step; of the page with any
// experiment; of an experiment's module.
export const kPageBudget = 900_000;
export const kAnyPageBudget = 1_000_000;
export const kModuleBudget = 100_000;

function transferred(site, files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(site, file)), { level: 9 }).length, 0);
}

export function module_bytes(site, id) {
  return transferred(site, [`experiments/${id}.wasm`]);
}

// Everything that is fetched until experiment `id` runs; its data sets come later.
export function page_bytes(site, id) {
  const { figures } = JSON.parse(readFileSync(join(site, `experiments/${id}.json`)));
  const scripts = readdirSync(site).filter((file) => file.endsWith('.mjs'));
  return transferred(site, [
    'index.html', 'page.css', 'icon.svg', 'manifest.json', 'sizes.json', 'page.wasm', 'engine.wasm', ...scripts,
    ...['json', 'frames', 'wasm'].map((ending) => `experiments/${id}.${ending}`),
    ...figures.slice(0, kFirstFigures).map(({ name }) => `experiments/${id}/${name}.svg`),
  ]);
}
