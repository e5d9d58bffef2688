// Runs the cases of webgpu_cases.cpp in a Worker, and passes on what they say.
import create from './webgpu_cases.mjs';

const fail = (error) => postMessage({ kind: 'absent', name: 'module', right: false, text: error.stack ?? String(error) });
addEventListener('unhandledrejection', ({ reason }) => fail(reason));

try {
  const module = await create({ message: (kind, name, right, text) => postMessage({ kind, name, right, text }) });
  module._run_cases();
} catch (error) {
  fail(error);
}
