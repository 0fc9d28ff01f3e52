import { compiledDevices } from "@bioflax/compiler";
import { DeviceError } from "@bioflax/core";
import { eagerDevices } from "@bioflax/layers/node";
import { describe, expect, test } from "@jest/globals";
import { runBioflax } from "../../test/run-bioflax";
import { ConfigError, validateConfig } from "../config/resolve";
import { createCompiledEngine } from "../engines/compiled";
import type { EngineSetup } from "../engines/engine";
import { type DeviceList, listDevices } from "./list-devices";
import { deviceNames } from "./names";
import { probeDevice } from "./probe";

test("the names that settings are checked by are those of the engines", () => {
  expect(deviceNames).toEqual({ compiled: compiledDevices, eager: eagerDevices });
});

describe("--device", () => {
  test.each([
    [
      { device: "wgpu" },
      'the engine compiled has no device "wgpu"; it runs on: cuda, webgpu, cpu (or auto). Did you mean "webgpu"?',
    ],
    [{ device: "wasm" }, "The engine eager has it: --engine eager."],
    [{ engine: "eager", device: "cuda" }, "The engine compiled has it: --engine compiled."],
    [{ device: "quantum" }, "(or auto)."],
  ] as const)("%j is refused before anything is loaded", (given, text) => {
    const validate = () => validateConfig(given);
    expect(validate).toThrow(ConfigError);
    expect(validate).toThrow(`config: device: the engine `);
    expect(validate).toThrow(text);
  });

  test("that is not here: exit 2, what is wrong and what to do, and no run folder", async () => {
    const ran = await runBioflax(["train", "--dataset", "sinreg", "--device", "cuda"]);
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toBe(
      'error: The device "cuda" is not there: onnxruntime-node is installed without its CUDA provider, libonnxruntime_providers_cuda.so. ' +
        "`ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` downloads it (with pnpm: the same with `pnpm rebuild`, " +
        "once its build is allowed); it needs an NVIDIA driver, CUDA 12 and cuDNN 9. Without them, use --device webgpu or cpu.\n",
    );
    const setup = { device: "cuda", dataset: {} } as unknown as EngineSetup;
    await expect(createCompiledEngine(setup)).rejects.toThrow(DeviceError);
  });
});

describe("a probe", () => {
  test("of what is there tells what computes, and how fast if asked", async () => {
    const cpu = await probeDevice("compiled", "cpu", { measure: true });
    expect(cpu).toMatchObject({ engine: "compiled", device: "cpu", state: "available" });
    expect(cpu.hardware).not.toBe("");
    expect(cpu.versions!["onnxruntime-node"]).toMatch(/^\d/);
    expect(cpu.gigaflops).toBeGreaterThan(0);
    expect(await probeDevice("eager", "wasm")).toMatchObject({
      state: "available",
      hardware: "WebAssembly with SIMD",
      isSoftware: false,
    });
  });

  test("of what is not tells whose fault it is and what to do", async () => {
    expect(await probeDevice("compiled", "cuda")).toMatchObject({
      state: "missing",
      reason: expect.stringContaining("without its CUDA provider"),
      remedy: expect.stringContaining("npm rebuild onnxruntime-node"),
    });
    expect(await probeDevice("eager", "tensorflow")).toMatchObject({ state: "broken" });
  });

  test("that fails in a way nobody thought of is a device that is broken", async () => {
    expect(await probeDevice("eager", "toString")).toEqual({
      engine: "eager",
      device: "toString",
      state: "broken",
      reason: expect.stringContaining(
        'It failed with: useDevice: TensorFlow.js has no device "toString"',
      ),
    });
  });
});

test("the list has every device once, and what auto takes with the reason", async () => {
  const { devices, auto } = await listDevices();
  expect(devices.map(({ engine, device }) => `${engine}/${device}`)).toEqual([
    ...compiledDevices.map((name) => `compiled/${name}`),
    ...eagerDevices.map((name) => `eager/${name}`),
  ]);
  expect(auto).toEqual({
    compiled: { device: "cpu", why: "no cuda here" },
    eager: { device: "wasm", why: "no tensorflow-gpu, no tensorflow here" },
  });
  const gpus = devices.filter(({ device }) => device === "webgpu");
  // One driver serves both engines, and only one of them can tell its name.
  expect(new Set(gpus.map(({ state, hardware }) => `${state} ${hardware}`)).size).toBe(1);
});

describe("bioflax devices", () => {
  test("prints each with its state, and of those that are not there what to do", async () => {
    const { status, stdout, stderr } = await runBioflax(["devices"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("--engine compiled auto takes cpu: no cuda here\n");
    expect(stdout).toMatch(
      /\n {2}cuda +missing +onnxruntime-node is installed without .*\n +`ONNXRUNTIME_NODE_INSTALL/,
    );
    expect(stdout).toMatch(/\n {2}wasm +available +WebAssembly with SIMD; @tensorflow\/tfjs \d/);
    expect(stdout).not.toContain("\x1b");
  });

  test("--json is the list; one device is asked about in a process of its own", async () => {
    const list = JSON.parse((await runBioflax(["devices", "--json"])).stdout) as DeviceList;
    expect(list.devices).toHaveLength(8);
    const { stdout } = await runBioflax(["devices", "--only", "compiled/cpu"]);
    expect(JSON.parse(stdout)).toMatchObject({ device: "cpu", state: "available" });
  });
});
