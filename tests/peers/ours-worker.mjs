// Our own bench (src/app/main/bench.cpp). In come {names, compared, quick}; out go {rows} or {failed}.
import create from './bench.mjs';

onmessage = async ({ data }) => {
  try {
    const module = await create();
    const request = module.stringToNewUTF8(JSON.stringify(data));
    postMessage({ rows: JSON.parse(module.UTF8ToString(module._bench_run(request))).rows });
    module._free(request);
  } catch (error) {
    postMessage({ failed: String(error?.message ?? error) });
  }
};
