import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BioflaxError, DeviceError } from "@bioflax/core";
import { afterAll, describe, expect, test } from "@jest/globals";
import { notStarted, requireInstalled } from "../src/devices";
import { checkDevice, chooseDevice, compiledDevices } from "../src/index";

const folder = mkdtempSync(join(tmpdir(), "bioflax-devices-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("CUDA", () => {
  test("is missing where its provider was not downloaded, with the command that does", async () => {
    const missing = () => requireInstalled("cuda", () => join(folder, "none.so"));
    expect(missing).toThrow(DeviceError);
    expect(missing).toThrow("without its CUDA provider, libonnxruntime_providers_cuda.so");
    expect(missing).toThrow("`ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node`");
  });

  test("is for Linux on x64 alone", () => {
    expect(() => requireInstalled("cuda", () => undefined)).toThrow(
      "onnxruntime-node has CUDA for Linux on x64 alone. Use --device webgpu",
    );
  });

  test("that is installed is left to ONNX Runtime, as are the others", () => {
    const path = join(folder, "cuda.so");
    writeFileSync(path, "");
    requireInstalled("cuda", () => path);
    for (const device of ["cpu", "webgpu"] as const)
      requireInstalled(device, () => {
        throw new Error("asked for CUDA's provider");
      });
  });
});

test("what ONNX Runtime says of a device is told without the places in its sources", () => {
  const said = `/src/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n\n  at x`;
  const error = notStarted("webgpu", new Error(said));
  expect(error).toMatchObject({ device: "webgpu", fault: "broken" });
  expect(error.reason).toBe(
    "ONNX Runtime could not start it (Failed to get a WebGPU adapter: No supported adapters).",
  );
  expect(error.remedy).toContain("--device cpu");
  expect(notStarted("cuda", new Error("no CUDA-capable device is detected.")).message).toBe(
    'The device "cuda" is not there: ONNX Runtime could not start it (no CUDA-capable device is detected). ' +
      "It needs an NVIDIA driver, and CUDA 12 and cuDNN 9 on the library path. Without them, use --device webgpu or cpu.",
  );
});

describe("choosing", () => {
  test("auto is the processor where there is no CUDA, and says so", async () => {
    expect(await chooseDevice("auto")).toEqual({ device: "cpu", why: "no CUDA here" });
  });

  test("one by name is that one", async () => {
    await checkDevice("cpu");
    expect(await chooseDevice("cpu")).toEqual({ device: "cpu" });
    await expect(chooseDevice("cuda")).rejects.toThrow(DeviceError);
  });

  test("an unknown one gets the nearest name", async () => {
    await expect(chooseDevice("webgup")).rejects.toThrow(
      'The compiled engine has no device "webgup". Did you mean "webgpu"? It runs on: cuda, webgpu, cpu (or auto).',
    );
    await expect(chooseDevice("toString")).rejects.toThrow(BioflaxError);
    expect(compiledDevices).toEqual(["cuda", "webgpu", "cpu"]);
  });
});
