// Loads the modules, and tells how many bytes of them are here.

// Bytes of each file as a browser sees them (after decompression), written by build-site.mjs; without
// it there is no total.
async function sizes(base) {
  try {
    return await (await fetch(new URL('sizes.json', base))).json();
  } catch {
    return {};
  }
}

export class Downloads {
  #base;
  #progress;
  #sizes;
  #loaded = 0;
  #total = 0;

  // progress(loaded, total): in bytes; total 0: not known.
  constructor(base, progress) {
    this.#base = base;
    this.#progress = progress;
    this.#sizes = sizes(base);
  }

  // A promise of the compiled module of this name.
  async compile(name) {
    const size = (await this.#sizes)[name] ?? 0;
    this.#total += size;
    const response = await fetch(new URL(name, this.#base));
    if (!response.ok) throw new Error(`${name} could not be loaded: the server says ${response.status}`);
    const count = new TransformStream({
      transform: (chunk, controller) => {
        this.#loaded += chunk.byteLength;
        this.#progress(this.#loaded, this.#total);
        controller.enqueue(chunk);
      },
    });
    const counted = new Response(response.body.pipeThrough(count), {
      headers: { 'Content-Type': 'application/wasm' },
    });
    return WebAssembly.compileStreaming(counted);
  }
}
