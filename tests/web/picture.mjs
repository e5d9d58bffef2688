// Reads PNG files of 8-bit colours (W3C PNG, second edition), to look at what was drawn.
import { inflateSync } from 'node:zlib';

// The rows with their filters undone, in place; `step`: bytes of a pixel.
function unfilter(rows, width, height, step) {
  const length = 1 + step * width;
  for (let y = 0; y < height; ++y) {
    const filter = rows[y * length];
    for (let i = 1; i < length; ++i) {
      const at = y * length + i;
      const left = i > step ? rows[at - step] : 0;
      const up = y > 0 ? rows[at - length] : 0;
      const corner = y > 0 && i > step ? rows[at - length - step] : 0;
      if (filter === 1) rows[at] += left;
      if (filter === 2) rows[at] += up;
      if (filter === 3) rows[at] += (left + up) >> 1;
      if (filter === 4) {
        const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value));
        rows[at] += a <= b && a <= c ? left : b <= c ? up : corner;
      }
    }
  }
}

// {width, height, at(x, y): [red, green, blue]}
export function read_png(bytes) {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const step = bytes[25] === 6 ? 4 : 3;  // with or without opacity
  const parts = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
    }
  }
  const rows = inflateSync(Buffer.concat(parts));
  unfilter(rows, width, height, step);
  const at = (x, y) => {
    const pixel = y * (1 + step * width) + 1 + step * x;
    return [rows[pixel], rows[pixel + 1], rows[pixel + 2]];
  };
  return { width, height, at };
}

// How many colours a picture has, and the share of its most frequent one.
export function colours_of({ width, height, at }) {
  const counts = new Map();
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [red, green, blue] = at(x, y);
      const colour = (red << 16) | (green << 8) | blue;
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  return { number: counts.size, most: Math.max(...counts.values()) / (width * height) };
}

// From 0, black, to 255.
export const brightness_at = ({ at }, x, y) => at(x, y).reduce((sum, colour) => sum + colour) / 3;
