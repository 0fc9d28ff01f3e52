import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync, gzipSync } from "node:zlib";
import { BioflaxError } from "@bioflax/core";
import type { Header } from "@bioflax/datasets/node";
import type { DataDescription } from "@bioflax/runs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { PNG } from "pngjs";
import { npyBytes } from "../../../../datasets/test/npy-bytes";
import { scratchFolder } from "../../../test/scratch";
import { readInput } from "./read-input";
import { joined, toExamples } from "./to-examples";

const folder = scratchFolder();
let files = 0;

const grey: DataDescription = {
  name: "grey",
  task: "classification",
  inputShape: [6],
  imageShape: [2, 3, 1],
  targetShape: [],
  outputs: 3,
};
const coloured: DataDescription = { ...grey, inputShape: [2, 3, 3], imageShape: [2, 3, 3] };
const { imageShape: _none, ...values } = { ...grey, inputShape: [2, 2], targetShape: [2, 1] };
const rows: DataDescription = { ...values, task: "regression" };
const text: DataDescription = {
  ...{ ...values, inputShape: [3], targetShape: [] },
  ...{ symbols: 2, outputs: 2, classNames: ["a", "b"] },
};

/** The examples a file gives. */
async function examplesOf(bytes: Uint8Array | string, data: DataDescription, header?: Header) {
  const path = join(folder, String(files++));
  writeFileSync(path, bytes);
  return toExamples(await readInput(path, data, undefined, header), "f", data);
}

const inputsOf = async (bytes: Uint8Array | string, data: DataDescription) => [
  ...(await examplesOf(bytes, data)).inputs,
];

/** A picture of pixels, [red, green, blue, alpha] each. */
function png(width: number, height: number, pixel: (place: number) => number[], options = {}) {
  const picture = new PNG({ width, height });
  for (let place = 0; place < width * height; place++) picture.data.set(pixel(place), 4 * place);
  return PNG.sync.write(picture, options);
}

const idx = (shape: number[], elements: number[]) =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, 0, n]), ...elements]);

describe("pictures", () => {
  const color = (place: number) => [10 * place, 100, 200, 255];

  test("in colours, channels last", async () => {
    expect(await inputsOf(png(3, 2, color), coloured)).toEqual(
      [0, 1, 2, 3, 4, 5].flatMap((place) => color(place).slice(0, 3)),
    );
  });

  test("colours become grey by how bright they look, and grey stays as it is", async () => {
    const bright = [0, 1, 2, 3, 4, 5].map((place) =>
      Math.round(0.299 * 10 * place + 0.587 * 100 + 0.114 * 200),
    );
    expect(await inputsOf(png(3, 2, color), grey)).toEqual(bright);
    const same = (place: number) => [40 * place, 40 * place, 40 * place, 255];
    const greys = [0, 40, 80, 120, 160, 200];
    for (const colorType of [0, 2, 4, 6] as const) {
      expect(await inputsOf(png(3, 2, same, { colorType }), grey)).toEqual(greys);
    }
    expect(await inputsOf(png(3, 2, same, { colorType: 0 }), coloured)).toEqual(
      greys.flatMap((value) => [value, value, value]),
    );
  });

  test.each<[string, Uint8Array, DataDescription, string]>([
    [
      "of another size",
      png(2, 3, color),
      grey,
      "expected a picture of 2 × 3 pixels (rows × columns), as the network was trained on, received 3 × 2",
    ],
    ["that claims to be huge", hugePng(), grey, "received 4294967295 × 4294967295"],
    ["that is transparent", png(3, 2, () => [1, 2, 3, 254]), grey, "expected opaque pixels"],
    ["that is cut off", png(3, 2, color).subarray(0, 40), grey, "its last chunk is cut off."],
    ["for a network of numbers", png(3, 2, color), rows, "the network's inputs are no images"],
    ["in JPEG", Uint8Array.of(0xff, 0xd8, 0xff), grey, "Convert it to PNG"],
  ])("one %s is refused", async (_name, bytes, data, message) => {
    await expect(examplesOf(bytes, data)).rejects.toThrow(message);
    await expect(examplesOf(bytes, data)).rejects.toBeInstanceOf(BioflaxError);
  });

  /** A PNG file of given pixel data, with the right checksums of its chunks. */
  function pngOf(data: Uint8Array, { bits = 8, colorType = 0, interlaced = false } = {}): Buffer {
    const chunk = (type: string, content: Uint8Array) => {
      const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), content, Buffer.alloc(4)]);
      bytes.writeUInt32BE(content.length, 0);
      bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
      return bytes;
    };
    const header = Buffer.of(0, 0, 0, 3, 0, 0, 0, 2, bits, colorType, 0, 0, interlaced ? 1 : 0);
    // In two parts, as writers may.
    const half = Math.floor(data.length / 2);
    return Buffer.concat([
      Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      chunk("IHDR", header),
      chunk("IDAT", data.subarray(0, half)),
      chunk("IDAT", data.subarray(half)),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  }

  const rowsOfGrey = Buffer.of(0, 1, 2, 3, 0, 4, 5, 250);
  const whole = deflateSync(rowsOfGrey);

  test("of every kind: grey, with alpha, in 1 and 16 bits, interlaced", async () => {
    const same = [1, 2, 3, 4, 5, 250];
    expect(await inputsOf(pngOf(whole), grey)).toEqual(same);
    const deep = Buffer.concat(
      [0, 3].map((at) => Buffer.of(0, ...same.slice(at, at + 3).flatMap((x) => [x, x]))),
    );
    expect(await inputsOf(pngOf(deflateSync(deep), { bits: 16 }), grey)).toEqual(same);
    const opaque = Buffer.concat(
      [0, 3].map((at) => Buffer.of(0, ...same.slice(at, at + 3).flatMap((x) => [x, 255]))),
    );
    expect(await inputsOf(pngOf(deflateSync(opaque), { colorType: 4 }), grey)).toEqual(same);
    const bits = deflateSync(Buffer.of(0, 0b10100000, 0, 0b01000000));
    expect(await inputsOf(pngOf(bits, { bits: 1 }), grey)).toEqual([255, 0, 255, 0, 255, 0]);
    // Passes 1, 4, 6 and 7: the first pixel, the third, the second, and the second row.
    const passes = deflateSync(Buffer.of(0, 1, 0, 3, 0, 2, 0, 4, 5, 250));
    expect(await inputsOf(pngOf(passes, { interlaced: true }), grey)).toEqual(same);
  });

  // A file whose chunks are whole and whose pixel data are not: pngjs reads black pixels.
  test.each<[string, Uint8Array, string]>([
    [
      "a missing row",
      deflateSync(rowsOfGrey.subarray(0, 4)),
      "its pixel data end after 4 of 8 bytes.",
    ],
    [
      "half a row",
      deflateSync(rowsOfGrey.subarray(0, 6)),
      "its pixel data end after 6 of 8 bytes.",
    ],
    ["a row too many", deflateSync(Buffer.alloc(12)), "it has more pixel data than pixels."],
    [
      "pixel data without end",
      deflateSync(Buffer.alloc(1e7)),
      "it has more pixel data than pixels.",
    ],
    [
      "a cut stream",
      whole.subarray(0, -6),
      "its pixel data cannot be inflated: unexpected end of file.",
    ],
    [
      "a stream without its checksum",
      whole.subarray(0, -4),
      "its pixel data cannot be inflated: unexpected end",
    ],
    [
      "a wrong Adler-32",
      Buffer.concat([whole.subarray(0, -1), Buffer.of(1)]),
      "its pixel data cannot be inflated: incorrect data check.",
    ],
    ["no data", Buffer.alloc(0), "its pixel data cannot be inflated: unexpected end of file."],
    ["no pixels", deflateSync(Buffer.alloc(0)), "its pixel data end after 0 of 8 bytes."],
    [
      "other data",
      Buffer.from("these are no pixels"),
      "its pixel data cannot be inflated: incorrect header check.",
    ],
    [
      "data after the stream",
      Buffer.concat([whole, Buffer.from("more")]),
      "it has more pixel data than pixels.",
    ],
    [
      "an unknown filter",
      deflateSync(Buffer.of(9, 1, 2, 3, 0, 4, 5, 6)),
      "Unrecognised filter type - 9.",
    ],
  ])("with %s is refused", async (_name, data, why) => {
    for (const network of [grey, coloured])
      await expect(examplesOf(pngOf(data), network)).rejects.toThrow(
        `expected a whole PNG file, but ${why}`,
      );
    await expect(examplesOf(pngOf(data), grey)).rejects.toBeInstanceOf(BioflaxError);
  });

  test.each(["IHDR", "IDAT"])("with a wrong checksum of %s is refused", async (type) => {
    const bytes = pngOf(whole);
    const at = bytes.indexOf(type);
    const checksum = at + 4 + bytes.readUInt32BE(at - 4);
    bytes.writeUInt8(bytes.readUInt8(checksum) ^ 1, checksum);
    await expect(examplesOf(bytes, grey)).rejects.toThrow(
      `expected a whole PNG file, but the checksum of its chunk ${type} is wrong.`,
    );
  });

  test.each([
    [12, "its last chunk, IEND, is missing."],
    [8, "its last chunk is cut off."],
    [2, "its chunk IEND is cut off."],
  ])("without its last %i bytes is refused", async (bytes, why) => {
    await expect(examplesOf(pngOf(whole).subarray(0, -bytes), grey)).rejects.toThrow(
      `expected a whole PNG file, but ${why}`,
    );
  });

  test("interlaced with a pass missing is refused", async () => {
    const passes = deflateSync(Buffer.of(0, 1, 0, 3, 0, 2));
    await expect(examplesOf(pngOf(passes, { interlaced: true }), grey)).rejects.toThrow(
      "its pixel data end after 6 of 10 bytes.",
    );
  });

  /** A header of a picture that would not fit in memory. */
  function hugePng(): Uint8Array {
    const bytes = Uint8Array.from(png(3, 2, color));
    bytes.fill(255, 16, 24);
    return bytes;
  }
});

describe("arrays", () => {
  const six = [1, 2, 3, 4, 5, 250];

  test.each<[string, Uint8Array | string]>([
    ["idx", idx([1, 2, 3], six)],
    ["idx, gzipped", gzipSync(idx([1, 2, 3], six))],
    ["npy of bytes", npyBytes("|u1", [2, 3], six)],
    ["npy of floats, for a network of rows", npyBytes("<f4", [1, 6], six)],
    ["npy of doubles, big-endian", npyBytes(">f8", [6], six)],
    ["npy of whole numbers, with an axis of channels", npyBytes("<i8", [1, 2, 3, 1], six)],
    ["npy, version 2", npyBytes("<u2", [2, 3, 1], six, 2)],
    ["npy of halves", npyBytes("<f2", [2, 3], [0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x5bd0])],
    ["npy in Fortran's order", npyBytes("|u1", [2, 3], [1, 4, 2, 5, 3, 250], 1, true)],
    ["JSON of one example", JSON.stringify(six)],
    ["JSON of rows", "\uFEFF [[[1,2,3],[4,5,250]]]"],
    ["CSV", "1,2,3,4,5,250\n"],
    ["CSV of titles and tabs", "a\tb\tc\td\te\tf\r\n1\t2\t3\t4\t5\t2.5e2\r\n\r\n"],
    ["CSV, gzipped", gzipSync("1;2;3;4;5;250")],
    ["CSV of blanks, as numpy.savetxt writes it", " 1.0  2 3e0 4 5 250 \n"],
    ["CSV in quotes", '"1","2","3","4","5","250"\r\n'],
    ["CSV of titles in quotes", '"a, b",c,d,e,f,g\n1,2,3,4,5,250'],
    ["CSV of titles, one of them empty", ",b,c,d,e,f\n1,2,3,4,5,250"],
    ["CSV of old line ends", "a,b,c,d,e,f\r1,2,3,4,5,250\r"],
  ])("%s", async (_name, bytes) => {
    expect(await inputsOf(bytes, grey)).toEqual(six);
  });

  test("npy of truth values", async () => {
    expect(await inputsOf(npyBytes("|b1", [2, 3], [1, 0, 1, 1, 0, 0]), grey)).toEqual([
      1, 0, 1, 1, 0, 0,
    ]);
  });

  test("several examples, of several inputs", async () => {
    const two = await examplesOf("1,2,3,4,5,6\n7,8,9,10,11,12", grey);
    const one = await examplesOf(npyBytes("|u1", [6], six), grey);
    expect(two.count).toBe(2);
    expect([...joined([two, one]).inputs]).toEqual(
      [...Array(12).keys()].map((i) => i + 1).concat(six),
    );
    expect(joined([one, one])).toMatchObject({
      count: 2,
      inputs: Uint8Array.from([...six, ...six]),
    });
    const values = await examplesOf("[[[1,2],[3,-4]]]", rows);
    expect(values).toEqual({
      inputs: Float32Array.of(1, 2, 3, -4),
      targets: new Float32Array(2),
      count: 1,
    });
  });

  test.each<[string, Uint8Array | string, DataDescription, string | RegExp]>([
    [
      "too few numbers",
      "1,2,3",
      grey,
      "f: expected one example of shape [6] or [2, 3, 1] or [2, 3], or several, [n, …], received [1, 3].",
    ],
    ["a column of labels", "7,1,2,3,4,5,6", grey, "leave out a column of labels"],
    [
      "channels first",
      npyBytes("|u1", [3, 2, 3], [...six, ...six, ...six]),
      coloured,
      "Put the channels last.",
    ],
    ["no example", npyBytes("|u1", [0, 6], []), grey, "expected at least one example"],
    [
      "normalised pixels",
      "[0.1, -0.5, 0, 0, 0, 0]",
      grey,
      "expected pixels from 0 to 255, received -0.5 in example 0. Give them as the images of grey are",
    ],
    [
      "numbers that are not finite",
      npyBytes("<f4", [2, 2], [1, 2, Number.NaN, 4]),
      rows,
      "expected finite numbers, received NaN in example 0",
    ],
    ["text in CSV", "1,2\n3,x", rows, 'line 2: expected finite numbers, received "x".'],
    [
      "a cell without a number",
      "1,\n3,4",
      rows,
      /line 1: expected a number in column 2, received an empty cell\.$/,
    ],
    [
      "a comma at the end",
      "1,2\n3, ",
      rows,
      "line 2: expected a number in column 2, received an empty cell.",
    ],
    [
      "a hexadecimal number",
      "0x10,2.5",
      rows,
      /line 1: expected finite numbers, received "0x10"\. Write it as a decimal number\.$/,
    ],
    // Once taken for titles, so that all answers shifted by a row.
    [
      "a first line of nan",
      "nan,nan\n1,2",
      rows,
      'line 1: expected finite numbers, received "nan". If they are titles: --header yes.',
    ],
    [
      "a first line with a word",
      "1,x\n1,2",
      rows,
      'line 1: expected finite numbers, received "x". If',
    ],
    [
      "a first line with a gap",
      "NA,-\n1,2",
      rows,
      'line 1: expected finite numbers, received "NA". If',
    ],
    ["titles alone", "a,b\n", rows, "received a line of titles alone"],
    [
      "decimal commas",
      "1,5;2,5",
      rows,
      'line 1: expected finite numbers, received "1,5". If they are titles: --header yes.',
    ],
    [
      "a quote that never ends",
      '"1,2\n3,4',
      rows,
      "line 1: expected CSV, but Quoted field unterminated.",
    ],
    [
      "what acts on a terminal",
      "1,2\n3,\x9b2J",
      rows,
      String.raw`line 2: expected finite numbers, received "\u009b2J".`,
    ],
    [
      "JSON nested deep on one side",
      `[1,${"[".repeat(1e5)}${"]".repeat(1e5)}]`,
      rows,
      "received [[[[",
    ],
    ["a short line", "1,2\n3", rows, "line 2: expected 2 numbers, as in line 1, received 1"],
    [
      "ragged JSON",
      "[[1,2],[3]]",
      rows,
      "expected arrays of the same length, 2 at depth 2, received one of 1",
    ],
    ["JSON of words", '["a"]', rows, "expected numbers in arrays of the same depth"],
    ["JSON of an object", '{"a": 1}', rows, "expected an array of numbers"],
    ["broken JSON", "[1,", rows, "expected JSON, but"],
    [
      "arrays in arrays without end",
      "[".repeat(1e5) + "]".repeat(1e5),
      rows,
      "of them inside each other",
    ],
    ["complex numbers", npyBytes("<c8", [1], []), rows, 'Save it with array.astype("float32")'],
    [
      "a cut .npy",
      npyBytes("<f4", [2, 2], [1, 2, 3, 4]).subarray(0, -1),
      rows,
      "expected 16 bytes for shape [2, 2], received 15",
    ],
    ["a cut .gz", gzipSync("1,2").subarray(0, 15), rows, "expected a whole gzip file"],
    ["bytes", Uint8Array.of(0xfe, 0xfe), rows, "received none of these"],
    ["nothing", "", rows, "received nothing: it is empty."],
    ["a blank", "\uFEFF \r\n\n", rows, "received nothing: it is empty."],
    ["nothing, gzipped", gzipSync(""), rows, "received nothing: it is empty."],
    ["nothing for a text", "", text, "expected a text of at least 3 characters"],
  ])("%s is refused", async (_name, bytes, data, message) => {
    await expect(examplesOf(bytes, data)).rejects.toThrow(message);
    await expect(examplesOf(bytes, data)).rejects.toBeInstanceOf(BioflaxError);
  });
});

test("a folder is none", async () => {
  await expect(readInput(folder, rows)).rejects.toThrow(
    `${folder}: expected a readable file, but it is a folder. Check the path.`,
  );
});

test("CSV may write numbers with signs, exponents and points at either end", async () => {
  expect(await inputsOf("+1e1, -.5\n2.,1E-1", rows)).toEqual([10, -0.5, 2, Math.fround(0.1)]);
});

describe("the first line of CSV", () => {
  const given = (text: string, header?: Header, columns = 3) =>
    examplesOf(text, { ...rows, inputShape: [columns] }, header).then(({ inputs }) => [...inputs]);

  test.each<[string, Header, number[]]>([
    ["0,1,2\n3,4,5", "no", [0, 1, 2, 3, 4, 5]],
    ["0,1,2\n3,4,5", "yes", [3, 4, 5]],
    ["nan,nan,nan\n3,4,5", "yes", [3, 4, 5]],
    ['"1","2","3"\n4,5,6', "auto", [1, 2, 3, 4, 5, 6]],
    ["1,2,3\n4,5,6", "auto", [1, 2, 3, 4, 5, 6]],
    ["0,1,2", "auto", [0, 1, 2]],
    ["x_0,x_1,x_2\n4,5,6", "auto", [4, 5, 6]],
    ["größe;länge;höhe\n4;5;6", "auto", [4, 5, 6]],
  ])("%j under --header %s", async (text, header, values) => {
    expect(await given(text, header)).toEqual(values);
  });

  // Reported: pandas' titles of two columns, 0,1, were taken for an example.
  test.each([
    ["0,1,2\n3,4,5", "0, 1, 2", 3],
    ["0,1\n3,4", "0, 1", 2],
    ["0 1\n3 4", "0, 1", 2],
  ])("that may be titles or an example is asked about: %j", async (text, received, columns) => {
    await expect(given(text, "auto", columns)).rejects.toThrow(
      `line 1: expected an example or titles, received ${received}, which may be either. Say which: --header no, or --header yes.`,
    );
  });

  test("that counts from 0 is an example where no other follows, or of a single column", async () => {
    expect(await given("0,1", "auto", 2)).toEqual([0, 1]);
    expect(await given("0\n1", "auto", 1)).toEqual([0, 1]);
    expect(await given("1,0\n0,1", "auto", 2)).toEqual([1, 0, 0, 1]);
  });

  test("that is no titles is no titles under --header no", async () => {
    await expect(given("a,b,c\n3,4,5", "no")).rejects.toThrow(
      /line 1: expected finite numbers, received "a"\.$/,
    );
  });
});

test("any damage to any kind of file gives examples or a BioflaxError", async () => {
  const whole = [
    png(3, 2, () => [1, 2, 3, 255]),
    npyBytes("<f4", [1, 6], [1, 2, 3, 4, 5, 6]),
    idx([1, 2, 3], [1, 2, 3, 4, 5, 6]),
    gzipSync(idx([1, 2, 3], [1, 2, 3, 4, 5, 6])),
    Buffer.from("a,b,c,d,e,f\n1,2,3,4,5,6\n"),
    Buffer.from("[[1,2,3],[4,5,6]]"),
  ];
  const damage = fc.record({
    kind: fc.nat(whole.length - 1),
    bytes: fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 }),
    keep: fc.double({ min: 0.5, max: 1.2, noNaN: true }),
    tail: fc.uint8Array({ maxLength: 3 }),
  });
  const path = join(folder, "damaged");
  await fc.assert(
    fc.asyncProperty(damage, async ({ kind, bytes, keep, tail }) => {
      const damaged = Uint8Array.from(whole[kind]!);
      for (const [place, value] of bytes) if (place < damaged.length) damaged[place] = value;
      const kept = damaged.subarray(0, Math.floor(keep * damaged.length));
      writeFileSync(path, Buffer.concat([kept, tail]));
      try {
        const { inputs, count } = toExamples(await readInput(path, grey), "f", grey);
        expect(inputs).toHaveLength(6 * count);
      } catch (error) {
        if (!(error instanceof BioflaxError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
