// Each experiment within the budget of bytes: a page that grows fails here, not on a slow line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { kSite } from './browsers.mjs';
import { kAnyPageBudget, kModuleBudget, kPageBudget, module_bytes, page_bytes } from './transfer.mjs';

const { cards } = JSON.parse(readFileSync(join(kSite, 'manifest.json')));

for (const [index, { id }] of cards.entries()) {
  test(`${id}: the page and its module are within their budgets`, () => {
    const [page, module] = [page_bytes(kSite, id), module_bytes(kSite, id)];
    const budget = index === 0 ? kPageBudget : kAnyPageBudget;
    assert.ok(page <= budget, `${page} bytes until the first live step; at most ${budget}`);
    assert.ok(module <= kModuleBudget, `${module} bytes; at most ${kModuleBudget}`);
  });
}
