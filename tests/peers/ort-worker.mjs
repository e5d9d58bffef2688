// ONNX Runtime Web on WebAssembly: each training is one graph with a loop, so that weights stay in it.
import * as ort from './ort/ort.wasm.min.mjs';
import { initial_weights, kMlp, kStream, numbers, pictures, signed_samples } from './data.mjs';
import { kDescents, kGemm, kSoftmax, rows, run } from './measure.mjs';
import { model } from './onnx.mjs';

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL('ort/', import.meta.url).href;
const row = rows(`ONNX Runtime Web ${new URL(import.meta.url).searchParams.get('version')} (wasm)`);
const kSoftmaxes = 5;

const op = (op, inputs, outputs, attributes) => ({ op, inputs, outputs: [outputs].flat(), attributes });
const scalar = (name, value) => ({ name, shape: [], values: new Float32Array([value]) });
const whole = (name, ...values) => ({ name, shape: [values.length], values });
const session_of = (graph) => ort.InferenceSession.create(model(graph));
const tensor = (values, shape) => new ort.Tensor('float32', values, shape);

// A loop over `state` (names and shapes); its body is `nodes`, which make NAME_next of each.
function loop(count, state, nodes, constants = []) {
  const states = (suffix) => state.map(({ name, shape }) => ({ name: `${name}${suffix}`, shape }));
  const body = {
    nodes: [...nodes, op('Identity', ['go_on'], 'go_on_next')],
    constants,
    inputs: [{ name: 'i', type: 'int64', shape: [] }, { name: 'go_on', type: 'bool', shape: [] }, ...states('')],
    outputs: [{ name: 'go_on_next', type: 'bool', shape: [] }, ...states('_next')],
  };
  return {
    constants: [{ name: 'count', shape: [], values: [count] }],
    node: op('Loop', ['count', '', ...state.map(({ name }) => `${name}_first`)], state.map(({ name }) => `${name}_last`),
      { body }),
    inputs: states('_first'),
  };
}

async function descent({ n, d, steps }) {
  const iterate = loop(steps, [{ name: 'theta', shape: [d, 1] }], [
    op('MatMul', ['z', 'theta'], 'margins'),
    op('Neg', ['margins'], 'negative'),
    op('Sigmoid', ['negative'], 'weights'),
    op('Gemm', ['z', 'weights'], 'sum', { transA: 1 }),
    op('Mul', ['sum', 'rate'], 'change'),
    op('Add', ['theta', 'change'], 'theta_next'),
  ]);
  const session = await session_of({
    nodes: [
      iterate.node,
      op('MatMul', ['z', 'theta_last'], 'margins_last'),
      op('Neg', ['margins_last'], 'negative_last'),
      op('Softplus', ['negative_last'], 'losses'),
      op('ReduceSum', ['losses'], 'total', { keepdims: 0 }),
      op('Mul', ['total', 'rate'], 'loss'),
    ],
    constants: [...iterate.constants, scalar('rate', 1 / n)],
    inputs: [{ name: 'z', shape: [n, d] }, ...iterate.inputs],
    outputs: [{ name: 'loss', shape: [] }],
  });
  const feeds = { z: tensor(signed_samples(n, d), [n, d]), theta_first: tensor(new Float32Array(d), [d, 1]) };
  await row.descent({ n, d, steps }, async () => (await session.run(feeds)).loss.data[0]);
  await session.release();
}

async function mlp() {
  const { inputs, hidden, classes, count, batch, step_size } = kMlp;
  const state = [
    { name: 'w1', shape: [inputs, hidden] }, { name: 'b1', shape: [hidden] },
    { name: 'w2', shape: [hidden, classes] }, { name: 'b2', shape: [classes] }, { name: 'loss', shape: [] },
  ];
  const down = (name) => [
    op('Mul', [`of_${name}`, 'rate'], `change_${name}`), op('Sub', [name, `change_${name}`], `${name}_next`),
  ];
  const iterate = loop(Math.ceil(count / batch), state, [
    op('Reshape', ['i', 'one'], 'place'),
    op('Mul', ['place', 'batch'], 'begin'),
    op('Add', ['begin', 'batch'], 'end'),
    op('Slice', ['samples', 'begin', 'end', 'axis'], 'x'),
    op('Slice', ['targets', 'begin', 'end', 'axis'], 'y'),
    op('Shape', ['y'], 'y_shape'),
    op('Gather', ['y_shape', 'axis'], 'whole_rows'),
    op('Cast', ['whole_rows'], 'rows', { to: 1 }),
    op('Gemm', ['x', 'w1', 'b1'], 'sums'),
    op('Relu', ['sums'], 'h'),
    op('Gemm', ['h', 'w2', 'b2'], 'logits'),
    op('Softmax', ['logits'], 'p', { axis: -1 }),
    op('Sub', ['p', 'y'], 'difference'),
    op('Div', ['difference', 'rows'], 'g'),
    op('Gemm', ['h', 'g'], 'of_w2', { transA: 1 }),
    op('ReduceSum', ['g', 'axis'], 'of_b2', { keepdims: 0 }),
    op('Gemm', ['g', 'w2'], 'of_outputs', { transB: 1 }),
    op('Greater', ['h', 'zero'], 'passes'),
    op('Cast', ['passes'], 'mask', { to: 1 }),
    op('Mul', ['of_outputs', 'mask'], 'of_h'),
    op('Gemm', ['x', 'of_h'], 'of_w1', { transA: 1 }),
    op('ReduceSum', ['of_h', 'axis'], 'of_b1', { keepdims: 0 }),
    ...['w1', 'b1', 'w2', 'b2'].flatMap(down),
    op('Mul', ['p', 'y'], 'at_label'),
    op('ReduceSum', ['at_label', 'axis_1'], 'of_label', { keepdims: 0 }),
    op('Log', ['of_label'], 'log'),
    op('ReduceMean', ['log'], 'mean', { keepdims: 0 }),
    op('Neg', ['mean'], 'loss_next'),
  ]);
  const session = await session_of({
    nodes: [iterate.node],
    constants: [
      ...iterate.constants, whole('one', 1), whole('batch', batch), whole('axis', 0), whole('axis_1', 1),
      scalar('rate', step_size), scalar('zero', 0),
    ],
    inputs: [
      { name: 'samples', shape: [count, inputs] }, { name: 'targets', shape: [count, classes] }, ...iterate.inputs,
    ],
    outputs: [{ name: 'loss_last', shape: [] }, { name: 'w1_last', shape: [inputs, hidden] }],
  });
  const { x, y } = pictures();
  const first = initial_weights();
  const feeds = { samples: tensor(x, [count, inputs]), targets: tensor(y, [count, classes]) };
  for (const { name, shape } of state) feeds[`${name}_first`] = tensor(first[name] ?? new Float32Array(1), shape);
  await row.mlp(async () => (await session.run(feeds)).loss_last.data[0]);
  await session.release();
}

async function gemm() {
  const shape = [kGemm, kGemm];
  const session = await session_of({
    nodes: [op('MatMul', ['a', 'b'], 'c')],
    inputs: [{ name: 'a', shape }, { name: 'b', shape }],
    outputs: [{ name: 'c', shape }],
  });
  const feeds = {
    a: tensor(numbers(kStream.left, kGemm * kGemm, -1, 1), shape),
    b: tensor(numbers(kStream.right, kGemm * kGemm, -1, 1), shape),
  };
  await row.gemm(kGemm, async () => (await session.run(feeds)).c.data[0]);
  await session.release();
}

// Several in a loop that gives one number: logits go in once, and probabilities do not come out.
async function softmax() {
  const { rows, cols } = kSoftmax;
  const iterate = loop(kSoftmaxes, [{ name: 'largest', shape: [] }], [
    op('Softmax', ['x'], 'y', { axis: -1 }),
    op('Slice', ['y', 'zero', 'one', 'zero'], 'first_row'),
    op('ReduceMax', ['first_row'], 'of_row', { keepdims: 0 }),
    op('Identity', ['of_row'], 'largest_next'),
  ]);
  const session = await session_of({
    nodes: [iterate.node],
    constants: [...iterate.constants, whole('zero', 0), whole('one', 1)],
    inputs: [{ name: 'x', shape: [rows, cols] }, ...iterate.inputs],
    outputs: [{ name: 'largest_last', shape: [] }],
  });
  const feeds = {
    x: tensor(numbers(kStream.elements, rows * cols, -20, 20), [rows, cols]),
    largest_first: tensor(new Float32Array(1), []),
  };
  await row.softmax(kSoftmax, async () => (await session.run(feeds)).largest_last.data[0], kSoftmaxes);
  await session.release();
}

await run([...kDescents.map((each) => () => descent(each)), mlp, gemm, softmax]);
