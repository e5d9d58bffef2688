// Writes an ONNX model: as much of its protocol buffers as the graphs of ort-worker.mjs need.
// Types and field numbers: onnx.proto of ONNX 1.12 (opset 17).
const kFloat = 1;
const kInt64 = 7;
const kBool = 9;
const kType = { float: kFloat, int64: kInt64, bool: kBool };
const kOpset = 17;

function varint(value) {
  const out = [];
  let left = BigInt.asUintN(64, BigInt(value));
  do {
    const seven = Number(left & 127n);
    left >>= 7n;
    out.push(left > 0n ? seven | 128 : seven);
  } while (left > 0n);
  return out;
}

const whole = (field, value) => [...varint(field << 3), ...varint(value)];
const bytes = (field, content) => [...varint((field << 3) | 2), ...varint(content.length), ...content];
const text = (field, value) => bytes(field, new TextEncoder().encode(value));

// What a graph takes or gives: shape of whole numbers and names.
function value_info(field, { name, type = 'float', shape }) {
  const dimensions = shape.flatMap((of) => bytes(1, typeof of === 'string' ? text(2, of) : whole(1, of)));
  const tensor = [...whole(1, kType[type]), ...bytes(2, dimensions)];
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, tensor))]);
}

// values: a list of whole numbers (int64), or a Float32Array.
function tensor({ name, shape, values }) {
  const is_float = values instanceof Float32Array;
  const raw = is_float ? values : BigInt64Array.from(values, BigInt);
  return [
    ...shape.flatMap((of) => whole(1, of)), ...whole(2, is_float ? kFloat : kInt64), ...text(8, name),
    ...bytes(9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)),
  ];
}

// {op, inputs, outputs, attributes: {NAME: whole number, or a graph}}
function node({ op, inputs, outputs, attributes = {} }) {
  const attribute = ([name, value]) => bytes(5, [
    ...text(1, name),
    ...(typeof value === 'number' ? [...whole(3, value), ...whole(20, 2)] : [...bytes(6, graph(value)), ...whole(20, 5)]),
  ]);
  return [
    ...inputs.flatMap((name) => text(1, name)), ...outputs.flatMap((name) => text(2, name)), ...text(4, op),
    ...Object.entries(attributes).flatMap(attribute),
  ];
}

function graph({ nodes, constants = [], inputs, outputs }) {
  return [
    ...nodes.flatMap((each) => bytes(1, node(each))), ...text(2, 'graph'),
    ...constants.flatMap((each) => bytes(5, tensor(each))),
    ...inputs.flatMap((each) => value_info(11, each)), ...outputs.flatMap((each) => value_info(12, each)),
  ];
}

export function model(of) {
  return Uint8Array.from([...whole(1, 8), ...bytes(7, graph(of)), ...bytes(8, whole(2, kOpset))]);
}
