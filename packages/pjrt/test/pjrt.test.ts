import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type ElementType,
  elementTypes,
  loadPlugin,
  type PjrtClient,
  PjrtError,
} from "../src/index";
import { cpuPlugin, wherePlugin } from "./cpu-plugin";

/** A program of two [2, 2] matrices; the first may give its memory to the sum. */
const ADD = `module @add {
  func.func public @main(%a: tensor<2x2xf32> {tf.aliasing_output = 0 : i32}, %b: tensor<2x2xf32>)
      -> (tensor<2x2xf32>, tensor<f32>) {
    %sum = stablehlo.add %a, %b : tensor<2x2xf32>
    %seven = stablehlo.constant dense<7.0> : tensor<f32>
    return %sum, %seven : tensor<2x2xf32>, tensor<f32>
  }
}`;
const matrix = Float32Array.of(1, 2, 3, 4);
const caught = async (work: Promise<unknown>): Promise<PjrtError> => {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(PjrtError);
  return error;
};

wherePlugin("the plugin for the processor", () => {
  let client: PjrtClient;
  beforeAll(async () => {
    client = await loadPlugin(cpuPlugin).createClient();
  });
  afterAll(() => client.destroy());
  const two = () => client.buffer(matrix, { shape: [2, 2] });

  test("says what it is, and has devices", () => {
    const plugin = loadPlugin(cpuPlugin);
    expect(plugin).toBe(loadPlugin(cpuPlugin));
    expect(plugin.apiVersion).toMatchObject({ major: 0, minor: 115 });
    expect(plugin.attributes.stablehlo_current_version).toEqual([1, 20, 0]);
    expect(client.platformName).toBe("cpu");
    expect(client.devices[0]).toEqual({
      id: 0,
      kind: "cpu",
      name: "CpuDevice(id=0)",
      debugString: "cpu:0",
      isAddressable: true,
    });
  });

  test("compiles a program and runs it", async () => {
    const add = await client.compile(ADD);
    expect(add).toMatchObject({ name: "add", outputCount: 2 });
    const [sum, seven] = await add.execute([await two(), await two()]);
    expect(sum).toMatchObject({ type: "f32", shape: [2, 2], length: 4, isDeleted: false });
    expect(sum!.device).toBe(client.devices[0]);
    expect(await sum!.toHost()).toEqual(Float32Array.of(2, 4, 6, 8));
    expect(seven).toMatchObject({ shape: [], length: 1 });
    expect(await seven!.toHost()).toEqual(Float32Array.of(7));
  });

  test("an aliased argument is donated, unless it is to be kept", async () => {
    const add = await client.compile(ADD);
    const [a, b] = [await two(), await two()];
    const [first] = await add.execute([a, b], { keep: [0] });
    expect([a.isDeleted, b.isDeleted]).toEqual([false, false]);
    const [second] = await add.execute([a, b]);
    expect([a.isDeleted, b.isDeleted]).toEqual([true, false]);
    expect(await second!.toHost()).toEqual(await first!.toHost());
    expect((await caught(a.toHost())).message).toMatch(/deleted or donated/);
    expect((await caught(add.execute([a, b]))).code).toBe("INVALID_ARGUMENT");
  });

  /** Numbers of each type that a wrong width, sign or order of bytes would change. */
  const samples: { [E in ElementType]: readonly (number | bigint)[] } = {
    i1: [0, 1, 1],
    i8: [-128, 127, 1],
    i16: [-32768, 32767, 1],
    i32: [-(2 ** 31), 2 ** 31 - 1, 1],
    i64: [-(2n ** 63n), 2n ** 63n - 1n, 1n],
    ui8: [0, 255, 1],
    ui16: [0, 65535, 1],
    ui32: [0, 2 ** 32 - 1, 1],
    ui64: [0n, 2n ** 64n - 1n, 1n],
    f16: [0x3c00, 0xc000, 1],
    f32: [-0.5, 3.25, 1e-30],
    f64: [-0.1, 1e300, 1e-300],
    bf16: [0x3f80, 0xc000, 1],
  };
  const arrays = {
    ...{ i1: Uint8Array, i8: Int8Array, i16: Int16Array, i32: Int32Array, i64: BigInt64Array },
    ...{ ui8: Uint8Array, ui16: Uint16Array, ui32: Uint32Array, ui64: BigUint64Array },
    ...{ f16: Uint16Array, f32: Float32Array, f64: Float64Array, bf16: Uint16Array },
  };
  test.each(elementTypes)("%s goes there and back", async (type) => {
    const data = (arrays[type] as typeof Float64Array).from(samples[type] as number[]);
    const buffer = await client.buffer(data, { type, shape: [1, 3] });
    expect(buffer).toMatchObject({ type, shape: [1, 3] });
    const back = await buffer.toHost();
    expect(back).toEqual(data);
  });

  test("computes with bytes, booleans and bfloat16", async () => {
    const program = await client.compile(`module {
      func.func public @main(%x: tensor<3xui8>) -> (tensor<3xi1>, tensor<3xbf16>) {
        %limit = stablehlo.constant dense<100> : tensor<3xui8>
        %large = stablehlo.compare GT, %x, %limit : (tensor<3xui8>, tensor<3xui8>) -> tensor<3xi1>
        %real = stablehlo.convert %x : (tensor<3xui8>) -> tensor<3xbf16>
        return %large, %real : tensor<3xi1>, tensor<3xbf16>
      }
    }`);
    const [large, real] = await program.execute([await client.buffer(Uint8Array.of(0, 200, 1))]);
    expect([large!.type, await large!.toHost()]).toEqual(["i1", Uint8Array.of(0, 1, 0)]);
    // bfloat16 is the upper half of float32.
    expect([real!.type, await real!.toHost()]).toEqual(["bf16", Uint16Array.of(0, 0x4348, 0x3f80)]);
  });

  test("a part of an array, an empty one and a scalar are what they are", async () => {
    const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(await (await client.buffer(part)).toHost()).toEqual(Float32Array.of(1, 2));
    const empty = await client.buffer(new Float32Array(0), { shape: [0, 3] });
    expect([empty.shape, await empty.toHost()]).toEqual([[0, 3], new Float32Array(0)]);
    const scalar = await client.buffer(Float32Array.of(5), { shape: [] });
    expect([scalar.shape, await scalar.toHost()]).toEqual([[], Float32Array.of(5)]);
  });

  test("comes back in row-major order however a program lays it out, and into an array that is given", async () => {
    const turn = await client.compile(`module {
      func.func public @main(%x: tensor<2x3xf32>) -> (tensor<3x2xf32> {mhlo.layout_mode = "{0,1}"}) {
        %t = stablehlo.transpose %x, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
        return %t : tensor<3x2xf32>
      }
    }`);
    const x = await client.buffer(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3] });
    const [turned] = await turn.execute([x]);
    const into = new Float32Array(7);
    expect(await turned!.toHost<"f32">(into)).toBe(into);
    expect(into).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6, 0));
    await expect(turned!.toHost<"f32">(new Float32Array(5))).rejects.toThrow("has 5");
    await expect(turned!.toHost<"f64">(new Float64Array(6))).rejects.toThrow("got a Float64Array");
  });

  test("a buffer and a program may be for another of its devices", async () => {
    const device = client.devices[1]!;
    const add = await client.compile(ADD, { device });
    const x = await client.buffer(matrix, { shape: [2, 2], device });
    expect(x.device).toBe(device);
    const [sum] = await add.execute([x, x], { keep: [0] });
    expect(sum!.device).toBe(device);
    expect(await sum!.toHost()).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  test("an executable goes to bytes and back", async () => {
    const again = await client.deserialize((await client.compile(ADD)).serialize());
    const [sum] = await again.execute([await two(), await two()]);
    expect(await sum!.toHost()).toEqual(Float32Array.of(2, 4, 6, 8));
    await caught(client.deserialize(Uint8Array.of(1, 2, 3)));
  });

  test("errors have XLA's words, their code and the call that failed", async () => {
    const text = await caught(client.compile("module { nonsense }"));
    expect(text).toMatchObject({ call: "PJRT_Client_Compile" });
    expect(text.message).toMatch(/custom op 'nonsense' is unknown/);
    const option = await caught(client.compile(ADD, { xlaOptions: { nonsense: true } }));
    expect(option.message).toMatch(/nonsense/);
    const add = await client.compile(ADD, {
      xlaOptions: { xla_cpu_enable_fast_math: false, xla_backend_optimization_level: 1 },
    });
    const count = await caught(add.execute([await two()]));
    expect(count.code).toBe("INVALID_ARGUMENT");
    expect(count.message).toMatch(/supplied 1 arguments but compiled program expected 2/);
  });

  test("what is given wrongly is said before XLA sees it", async () => {
    await expect(client.buffer(matrix, { shape: [3] })).rejects.toThrow(
      "The shape [3] has 3 elements; the array that was given has 4.",
    );
    await expect(client.buffer(matrix, { type: "f64" })).rejects.toThrow("got a Float32Array");
    await expect(client.buffer(matrix, { type: "f8" as "f64" })).rejects.toThrow("Name one of i1");
    await expect(client.buffer([1] as never)).rejects.toThrow("Expected a typed array");
    const other = await loadPlugin(cpuPlugin).createClient();
    const add = await client.compile(ADD);
    const foreign = await other.buffer(matrix, { shape: [2, 2] });
    await expect(add.execute([foreign, foreign])).rejects.toThrow("another client");
    await expect(client.buffer(matrix, { device: other.devices[0]! })).rejects.toThrow(
      "is not one of this client's",
    );
    other.destroy();
  });

  test("what is destroyed cannot be used; twice does nothing, in any order", async () => {
    const own = await loadPlugin(cpuPlugin).createClient();
    const add = await own.compile(ADD);
    const x = await own.buffer(matrix, { shape: [2, 2] });
    x.destroy();
    x[Symbol.dispose]();
    expect(x.isDeleted).toBe(true);
    expect(() => x.type).toThrow("This buffer was destroyed and cannot be used.");
    await expect(x.toHost()).rejects.toThrow("This buffer was destroyed");
    await expect(add.execute([x, x])).rejects.toThrow("This buffer was destroyed");
    const y = await own.buffer(matrix, { shape: [2, 2] });
    own.destroy();
    own.destroy();
    expect(y.isDeleted).toBe(true);
    await expect(own.compile(ADD)).rejects.toThrow("This client was destroyed");
    await expect(add.execute([y, y])).rejects.toThrow("was destroyed");
    y.destroy();
    add.destroy();
  });

  test("calls that run when all is destroyed end as they would have", async () => {
    const own = await loadPlugin(cpuPlugin).createClient();
    const square = await own.compile(`module {
      func.func public @main(%x: tensor<500x500xf32>) -> tensor<500x500xf32> {
        %y = stablehlo.dot_general %x, %x, contracting_dims = [1] x [0]
          : (tensor<500x500xf32>, tensor<500x500xf32>) -> tensor<500x500xf32>
        return %y : tensor<500x500xf32>
      }
    }`);
    const x = await own.buffer(new Float32Array(250_000).fill(1 / 500), { shape: [500, 500] });
    const running = square.execute([x]);
    const reading = x.toHost();
    own.destroy();
    const [y] = await running;
    expect(y!.isDeleted).toBe(true);
    expect((await reading)[0]).toBeCloseTo(1 / 500);
  });

  test("many calls at a time queue for threads", async () => {
    const add = await client.compile(ADD);
    const x = await two();
    const results = await Promise.all(
      Array.from({ length: 300 }, () => add.execute([x, x], { keep: [0] })),
    );
    const sums = await Promise.all(results.map(([sum]) => sum!.toHost()));
    expect(new Set(sums.map(String))).toEqual(new Set(["2,4,6,8"]));
  });

  test("what is forgotten is freed when it is collected", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const size = 4e6;
    const data = new Float32Array(size);
    const before = process.memoryUsage.rss();
    // 100 times 16 MB, which would stay if nothing freed it.
    for (let i = 0; i < 100; i++) {
      await client.buffer(data);
      if (i % 5 !== 0) continue;
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * size);
  });

  test("a client that is forgotten stays for the buffers that are not", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const make = async () =>
      (await loadPlugin(cpuPlugin).createClient()).buffer(matrix, { shape: [2, 2] });
    const buffer = await make();
    for (let i = 0; i < 5; i++) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await buffer.toHost()).toEqual(matrix);
    expect(buffer.device.kind).toBe("cpu");
  });

  test("Node ends by itself, with everything destroyed and with nothing", async () => {
    const run = promisify(execFile);
    for (const end of ["client.destroy()", ""]) {
      const program = `
        const { loadPlugin } = require(${JSON.stringify(join(__dirname, "../src/index.ts"))});
        loadPlugin(${JSON.stringify(cpuPlugin)}).createClient().then(async (client) => {
          const add = await client.compile(${JSON.stringify(ADD)});
          const x = await client.buffer(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
          const [sum] = await add.execute([x, x], { keep: [0] });
          console.log(String(await sum.toHost()));
          ${end}
        });`;
      const { stdout } = await run(
        process.execPath,
        [
          `--require=${join(__dirname, "../../datasets/test/typescript.cjs")}`,
          "--input-type=commonjs",
          `--eval=${program}`,
        ],
        { timeout: 85_000 },
      );
      expect(stdout).toBe("2,4,6,8\n");
    }
  });
});
