"""Reference logits of GPT-2's architecture, in float64, without a line of the project's own code.

Written from Radford et al. 2019, section 2, and the names and layouts of their published checkpoints:
weights map a row x to x W, queries, keys and values stand side by side, heads are slices of them.
The weights are random numbers in float16, in a safetensors file as transformers saves one, attention
masks of older versions included.

    python3 make_vector.py > vector.h
"""

import base64
import json
import random
import struct
from math import exp, pi, sqrt, tanh

VOCABULARY, CONTEXT, WIDTH, HEADS, LAYERS = 13, 8, 12, 3, 2
TOKENS = [3, 1, 4, 1, 12, 9, 2]
SEED, EPSILON = 17, 1e-5


def shapes():
    yield "wte.weight", (VOCABULARY, WIDTH)
    yield "wpe.weight", (CONTEXT, WIDTH)
    for i in range(LAYERS):
        for name, shape in [
            ("ln_1", (WIDTH,)),
            ("attn.c_attn", (WIDTH, 3 * WIDTH)),
            ("attn.c_proj", (WIDTH, WIDTH)),
            ("ln_2", (WIDTH,)),
            ("mlp.c_fc", (WIDTH, 4 * WIDTH)),
            ("mlp.c_proj", (4 * WIDTH, WIDTH)),
        ]:
            yield f"h.{i}.{name}.weight", shape
            yield f"h.{i}.{name}.bias", shape[-1:]
    yield "ln_f.weight", (WIDTH,)
    yield "ln_f.bias", (WIDTH,)


def safetensors(tensors):
    """The bytes of a file: names to element type, shape and bytes."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, elements) in sorted(tensors.items()):
        offsets = [len(data), len(data) + len(elements)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        data += elements
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def load():
    """Parameters by name, and the file that has them."""
    random.seed(SEED)
    parameters, stored = {}, {}
    for name, shape in shapes():
        mean = 1 if len(shape) == 1 and name.endswith(".weight") else 0
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        elements = struct.pack(f"<{count}e", *(random.gauss(mean, 0.4) for _ in range(count)))
        values = struct.unpack(f"<{count}e", elements)
        stored[name] = ("F16", shape, elements)
        columns = shape[-1]
        rows = [list(values[i : i + columns]) for i in range(0, count, columns)]
        parameters[name] = rows if len(shape) > 1 else rows[0]
    for i in range(LAYERS):
        stored[f"h.{i}.attn.bias"] = ("U8", (1, 1, CONTEXT, CONTEXT), bytes(CONTEXT**2))
    return parameters, safetensors(stored)


def config():
    return json.dumps({
        "activation_function": "gelu_new", "attn_pdrop": 0.1, "layer_norm_epsilon": EPSILON,
        "model_type": "gpt2", "n_ctx": CONTEXT, "n_embd": WIDTH, "n_head": HEADS, "n_layer": LAYERS,
        "n_positions": CONTEXT, "task_specific_params": {"text-generation": {"max_length": 50}},
        "vocab_size": VOCABULARY})


def linear(p, name, rows):
    weight, bias = p[name + ".weight"], p[name + ".bias"]
    return [[sum(x * weight[i][j] for i, x in enumerate(row)) + bias[j] for j in range(len(bias))] for row in rows]


def norm(p, name, rows):
    out = []
    for row in rows:
        mean = sum(row) / len(row)
        variance = sum((x - mean) ** 2 for x in row) / len(row)
        out.append([(x - mean) / sqrt(variance + EPSILON) * g + b
                    for x, g, b in zip(row, p[name + ".weight"], p[name + ".bias"])])
    return out


def gelu(x):
    return 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))


def attention(p, name, rows):
    qkv, size, out = linear(p, name + ".c_attn", rows), WIDTH // HEADS, []
    for t in range(len(rows)):
        merged = []
        for h in range(HEADS):
            part = lambda row, which: qkv[row][which * WIDTH + h * size : which * WIDTH + (h + 1) * size]
            scores = [sum(q * k for q, k in zip(part(t, 0), part(s, 1))) / sqrt(size) for s in range(t + 1)]
            weights = [exp(score - max(scores)) for score in scores]
            merged += [sum(w * part(s, 2)[j] for s, w in enumerate(weights)) / sum(weights) for j in range(size)]
        out.append(merged)
    return linear(p, name + ".c_proj", out)


def add(a, b):
    return [[x + y for x, y in zip(*rows)] for rows in zip(a, b)]


def logits(p, tokens):
    x = add([p["wte.weight"][token] for token in tokens], p["wpe.weight"])
    for i in range(LAYERS):
        x = add(x, attention(p, f"h.{i}.attn", norm(p, f"h.{i}.ln_1", x)))
        hidden = [[gelu(v) for v in row] for row in linear(p, f"h.{i}.mlp.c_fc", norm(p, f"h.{i}.ln_2", x))]
        x = add(x, linear(p, f"h.{i}.mlp.c_proj", hidden))
    x = norm(p, "ln_f", x)
    return [[sum(a * b for a, b in zip(row, token)) for token in p["wte.weight"]] for row in x]


PARAMETERS, FILE = load()
print("""// Made by make_vector.py, in float64.
#pragma once

#include <array>
#include <string_view>

namespace reference {
""")
print(f'inline constexpr std::string_view kConfig = R"({config()})";')
print(f"inline constexpr std::array<int, {len(TOKENS)}> kPrompt = {{{', '.join(map(str, TOKENS))}}};")
print("// After each token.")
print(f"inline constexpr double kLogits[{len(TOKENS)}][{VOCABULARY}] = {{")
for row in logits(PARAMETERS, TOKENS):
    print("    {" + ", ".join(f"{x:.9g}" for x in row) + "},")
print("};\n// The safetensors file in base64.\ninline constexpr std::string_view kWeights =")
text = base64.b64encode(FILE).decode()
print("\n".join(f'    "{text[i : i + 92]}"' for i in range(0, len(text), 92)) + ";")
print("\n}  // namespace reference")
