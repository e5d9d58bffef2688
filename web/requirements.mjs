// What must a browser have for this page, and which of it does this one lack?

// The smallest modules that use the feature: (func (drop (v128.const ..))) and a function with a
// try in the form that Emscripten's -fwasm-exceptions writes.
const kSimd = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11,
];
const kExceptions = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11,
];

function has_webgl2() {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

// A list of {what, instead}: what is missing, and what would be right; empty: nothing is.
export function missing_features() {
  const missing = [];
  if (typeof WebAssembly !== 'object') {
    return [{ what: 'WebAssembly', instead: 'a browser that is not older than 2022, in which WebAssembly is allowed' }];
  }
  const valid = (bytes) => WebAssembly.validate(new Uint8Array(bytes));
  if (!valid(kSimd)) {
    missing.push({ what: 'WebAssembly SIMD', instead: 'Chrome or Edge 95, Firefox 100, Safari 16.4, or later' });
  }
  if (!valid(kExceptions)) {
    missing.push({ what: 'WebAssembly exceptions', instead: 'Chrome or Edge 95, Firefox 100, Safari 15.2, or later' });
  }
  if (typeof Worker !== 'function') {
    missing.push({ what: 'Web Workers', instead: 'a browser in which pages may start them' });
  }
  if (!has_webgl2()) {
    missing.push({ what: 'WebGL 2', instead: 'hardware acceleration switched on in the browser\'s settings, or another browser' });
  }
  return missing;
}
