import { BioflaxError, DeviceError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { checkDevice, chooseDevice } from "./choose-device";
import { compiledDevices } from "./devices";

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
