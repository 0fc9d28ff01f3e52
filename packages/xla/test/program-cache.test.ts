import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPlugin, loadPlugin, type PjrtClient, type PjrtPlugin } from "@bioflax/pjrt";
import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { ProgramCache } from "../src/index";
import { cpuClient, wherePlugin } from "./xla-interpreter";

const doubled = (factor: number) => `module @doubled {
  func.func public @main(%x: tensor<2xf32> {tf.aliasing_output = 0 : i32}) -> tensor<2xf32> {
    %factor = stablehlo.constant dense<${factor}.0> : tensor<2xf32>
    %y = stablehlo.multiply %x, %factor : tensor<2xf32>
    return %y : tensor<2xf32>
  }
}`;

wherePlugin("compiled programs in a folder", () => {
  const base = mkdtempSync(join(tmpdir(), "bioflax-programs-"));
  const folder = join(base, "programs");
  let plugin: PjrtPlugin;
  let client: PjrtClient;
  beforeAll(async () => {
    plugin = loadPlugin(findPlugin("cpu") as string);
    client = await cpuClient();
  });
  afterAll(() => {
    client.destroy();
    rmSync(base, { recursive: true });
  });
  beforeEach(() => rmSync(folder, { recursive: true, force: true }));
  const files = () => readdirSync(folder).map((name) => join(folder, name));

  /** What a program makes of 1 and 2, and how often XLA's compiler was asked. */
  async function run(text: string, where = folder, xlaOptions = {}) {
    const compile = jest.spyOn(client, "compile");
    const cache = new ProgramCache(where, plugin);
    const executable = await cache.compile({ client, xlaOptions }, text);
    const input = await client.buffer(Float32Array.of(1, 2));
    const [output] = await executable.execute([input]);
    const asked = compile.mock.calls.length;
    compile.mockRestore();
    expect(input.isDeleted).toBe(true);
    return [[...(await output!.toHost())], asked];
  }

  test("each is compiled once, of each text and options", async () => {
    expect(await run(doubled(2))).toEqual([[2, 4], 1]);
    expect(await run(doubled(2))).toEqual([[2, 4], 0]);
    expect(await run(doubled(3))).toEqual([[3, 6], 1]);
    expect(await run(doubled(2), folder, { xla_cpu_enable_fast_math: true })).toEqual([[2, 4], 1]);
    expect(files()).toHaveLength(3);
  });

  test("a file that is broken, cut short or of something else is made anew", async () => {
    await run(doubled(2));
    const [file] = files() as [string];
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1]! ^= 1;
    for (const bytes of [flipped, whole.subarray(0, 100), Buffer.alloc(0), Buffer.from("x")]) {
      writeFileSync(file, bytes);
      expect(await run(doubled(2))).toEqual([[2, 4], 1]);
      expect(await run(doubled(2))).toEqual([[2, 4], 0]);
    }
  });

  test("one that the plugin does not take is made anew", async () => {
    await run(doubled(2));
    const refused = jest.spyOn(client, "deserialize").mockRejectedValueOnce(new Error("older"));
    expect(await run(doubled(2))).toEqual([[2, 4], 1]);
    refused.mockRestore();
  });

  test("where nothing can be written, it compiles all the same", async () => {
    writeFileSync(join(base, "file"), "");
    expect(await run(doubled(2), join(base, "file"))).toEqual([[2, 4], 1]);
  });

  test("those that were not used for longest go", async () => {
    await run(doubled(2));
    for (let i = 0; i < 300; i++) writeFileSync(join(folder, `${i}.program`), "");
    await run(doubled(2));
    await run(doubled(3));
    expect(files()).toHaveLength(256);
    expect((await run(doubled(2)))[1]).toBe(0);
  });
});
