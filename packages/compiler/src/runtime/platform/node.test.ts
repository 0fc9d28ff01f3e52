import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeviceError } from "@bioflax/core";
import { afterAll, describe, expect, test } from "@jest/globals";
import { cudaLibrariesFile, loadCudaLibraries } from "./cuda";
import { notStarted, requireInstalled } from "./node";

const folder = mkdtempSync(join(tmpdir(), "bioflax-devices-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("CUDA", () => {
  test("is missing where its provider was not fetched, with the command that does", async () => {
    const missing = () => requireInstalled("cuda", () => join(folder, "none.so"));
    expect(missing).toThrow(DeviceError);
    expect(missing).toThrow("without its CUDA provider, libonnxruntime_providers_cuda.so");
    expect(missing).toThrow("`bioflax devices --install cuda` fetches it from PyPI");
  });

  test("is for Linux on x64 alone", () => {
    expect(() => requireInstalled("cuda", () => undefined)).toThrow(
      "onnxruntime-node has CUDA for Linux on x64 alone. Use --device webgpu",
    );
  });

  test("that cannot be loaded: the error has the loader's reason, which ONNX Runtime prints only", () => {
    const path = join(folder, "broken.so");
    writeFileSync(path, "no library");
    const error = notStarted("cuda", new Error("Failed to load shared library"), () => path);
    expect(error.reason).toMatch(/^ONNX Runtime could not start it \(.*broken\.so: .+\)\.$/);
  });

  test("its libraries are loaded by their places before it is; one that cannot be says why", () => {
    const path = join(folder, "listed.so");
    expect(loadCudaLibraries(path)).toBeUndefined();
    const libraries = [join(folder, "libcublas.so.13")];
    writeFileSync(cudaLibrariesFile(path), JSON.stringify({ libraries }));
    expect(loadCudaLibraries(path)).toMatch(/libcublas\.so\.13: cannot open shared object file/);
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
      "It needs an NVIDIA GPU and driver, and CUDA's and cuDNN's libraries, which `bioflax devices --install cuda` fetches. " +
      "Without them, use --device webgpu or cpu.",
  );
});
