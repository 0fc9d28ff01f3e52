import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { compiledDevices } from "@bioflax/compiler";
import { DeviceError } from "@bioflax/core";
import { eagerDevices } from "@bioflax/layers/node";
import { describe, expect, test } from "@jest/globals";
import { runBioflax } from "../../test/run-bioflax";
import { hasXla } from "../../test/xla-plugin";
import { createCompiledEngine } from "../engines/compiled";
import type { EngineSetup } from "../engines/engine";
import { ConfigError, validateConfig } from "../resolve/resolve";
import { type DeviceList, listDevices, withTensorflowsWords } from "./list-devices";
import { deviceNames } from "./names";
import { probeDevice } from "./probe";
import { xlaDeviceNames } from "./xla/devices";

test("the names that settings are checked by are those of the engines", () => {
  expect(deviceNames).toMatchObject({ compiled: compiledDevices, eager: eagerDevices });
});

describe("--device", () => {
  test.each([
    [
      { device: "wgpu" },
      'the engine compiled has no device "wgpu"; it runs on: cuda, webgpu, cpu (or auto). Did you mean "webgpu"?',
    ],
    [{ device: "wasm" }, "The engine eager has it: --engine eager."],
    [
      { engine: "eager", device: "cuda" },
      "The engines compiled and xla have it: --engine compiled or --engine xla.",
    ],
    [{ device: "tpu" }, "The engine xla has it: --engine xla."],
    [
      { engine: "xla", device: "mtal" },
      'it runs on: tpu, cuda, rocm, oneapi, metal, cpu (or auto). Did you mean "metal"?',
    ],
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
        "`bioflax devices --install cuda` fetches it from PyPI, with the libraries of CUDA and cuDNN it needs; it takes an NVIDIA GPU and " +
        "driver. Without them, use --device webgpu or cpu.\n",
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
      remedy: expect.stringContaining("bioflax devices --install cuda"),
    });
    // Never found on a machine without a GPU, with its native part or without.
    expect(await probeDevice("eager", "tensorflow-gpu")).toMatchObject({ state: "broken" });
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

const { BIOFLAX_TENSORFLOW_GPU } = process.env;
(BIOFLAX_TENSORFLOW_GPU ? test : test.skip)(
  "tensorflow-gpu loads TensorFlow built for CUDA, and says truthfully whether it found a GPU",
  async () => {
    const command = join(__dirname, "../../bin/bioflax.js");
    const args = [command, "devices", "--only", "eager/tensorflow-gpu"];
    const report = JSON.parse(execFileSync(process.execPath, args).toString().trim());
    const hasGpu = existsSync("/dev/nvidia0");
    expect(report).toMatchObject(
      hasGpu
        ? { state: "available", versions: { tensorflow: BIOFLAX_TENSORFLOW_GPU } }
        : { state: "broken", reason: expect.stringContaining("found no GPU it can use") },
    );
  },
);

test("the list has every device once, and what auto takes with the reason", async () => {
  const { devices, auto } = await listDevices();
  expect(devices.map(({ engine, device }) => `${engine}/${device}`)).toEqual([
    ...compiledDevices.map((name) => `compiled/${name}`),
    ...eagerDevices.map((name) => `eager/${name}`),
    ...xlaDeviceNames.map((name) => `xla/${name}`),
  ]);
  expect(auto).toEqual({
    compiled: { device: "cpu", why: "no cuda here" },
    eager: process.env.BIOFLAX_TENSORFLOW
      ? { device: "tensorflow", why: "no tensorflow-gpu here" }
      : { device: "wasm", why: "no tensorflow-gpu, no tensorflow here" },
    xla: hasXla
      ? { device: "cpu", why: "no tpu, no cuda, no rocm, no oneapi, no metal here" }
      : { device: "none", why: "no tpu, no cuda, no rocm, no oneapi, no metal, no cpu here" },
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
      /\n {2}cuda +missing +onnxruntime-node is installed without .*\n +`bioflax devices --install cuda/,
    );
    expect(stdout).toMatch(/\n {2}wasm +available +WebAssembly with SIMD; @tensorflow\/tfjs \d/);
    expect(stdout).not.toContain("\x1b");
  });

  test("--json is the list; one device is asked about in a process of its own", async () => {
    const list = JSON.parse((await runBioflax(["devices", "--json"])).stdout) as DeviceList;
    expect(list.devices).toHaveLength(14);
    const { stdout } = await runBioflax(["devices", "--only", "compiled/cpu"]);
    expect(JSON.parse(stdout)).toMatchObject({ device: "cpu", state: "available" });
  });
});

describe("what TensorFlow finds of GPUs", () => {
  const report = { engine: "eager", device: "tensorflow-gpu" } as const;

  test("is told in its own words where it finds none", () => {
    const log = [
      "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
      "I0000 00:00:1.2 7 cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used.",
      "I0000 00:00:1.3 7 port.cc:153] oneDNN custom operations are on.",
      "2025-01-01 10:00:00.1: E external/local_xla/xla/cuda_executor.cc:12] failed call to cuInit: UNKNOWN ERROR (303)",
    ].join("\n");
    const broken = { ...report, state: "broken", reason: "It found no GPU it can use." } as const;
    expect(withTensorflowsWords(broken, log).reason).toBe(
      'It found no GPU it can use. TensorFlow says: "Could not find cuda drivers on your machine, GPU will not be used.", ' +
        '"failed call to cuInit: UNKNOWN ERROR (303)".',
    );
    expect(withTensorflowsWords(broken, "")).toEqual(broken);
  });

  test("is told by the GPUs' names", () => {
    const line = (device: number, name: string) =>
      `I0000 00:00:1.2 7 gpu_device.cc:2020] Created device /job:localhost/replica:0/task:0/device:GPU:${device} with 137000 MB memory:  ` +
      `-> device: ${device}, name: ${name}, pci bus id: 0000:1b:00.0, compute capability: 9.0`;
    const found = { ...report, state: "available", hardware: "an NVIDIA GPU" } as const;
    const log = `${line(0, "NVIDIA H200")}\n${line(1, "NVIDIA L4")}\n`;
    expect(withTensorflowsWords(found, log).hardware).toBe(
      "NVIDIA H200, NVIDIA L4, through TensorFlow",
    );
    expect(withTensorflowsWords(found, "").hardware).toBe("an NVIDIA GPU");
  });
});

describe("bioflax devices --install", () => {
  test.each([
    [
      ["--install", "wasm"],
      2,
      "Allowed choices are tensorflow, tensorflow-gpu, cuda, xla-tpu, xla-cuda, xla-rocm, xla-oneapi, xla-metal, xla-cpu.",
    ],
    [
      ["--install", "tensorflow", "--python", "/nowhere/python"],
      1,
      "/nowhere/python is not a Python that can be started. Name the python of an environment that has TensorFlow",
    ],
  ])("%j says what is wrong and what would be right", async (args, status, text) => {
    const ran = await runBioflax(["devices", ...args]);
    expect(ran).toMatchObject({ status, stdout: "" });
    expect(ran.stderr).toContain(text);
  });
});

describe("--precision", () => {
  test.each([
    [{ precision: "bfloat16" }, "received bfloat16. It takes --engine eager --device tensorflow"],
    [{ precision: "bfloat16", engine: "eager" }, "the device auto"],
    [{ precision: "bfloat16", engine: "eager", device: "wasm" }, "the device wasm"],
    [{ precision: "half" }, 'expected one of float32, bfloat16, received "half"'],
  ] as const)("%j is refused before anything is loaded", (given, text) => {
    const validate = () => validateConfig(given as object);
    expect(validate).toThrow(ConfigError);
    expect(validate).toThrow(text);
  });

  test("bfloat16 is the eager engine's, on TensorFlow's own library", () => {
    const given = { precision: "bfloat16", engine: "eager", device: "tensorflow" } as const;
    expect(validateConfig(given)).toMatchObject(given);
  });
});
