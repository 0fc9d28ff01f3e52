// Prints the GPU that Dawn finds, or nothing: in a process of its own, whose driver may end it.
import { bundledHost } from "./bundled-host";

interface Dawn {
  create(options: string[]): {
    requestAdapter(
      options: object,
    ): Promise<{ info: { device: string; description: string } } | null>;
  };
}

async function main(): Promise<void> {
  const dawn = (await bundledHost.load("webgpu")) as Dawn;
  const adapter = await dawn.create([]).requestAdapter({ powerPreference: "high-performance" });
  const { device, description } = adapter?.info ?? { device: "", description: "" };
  process.stdout.write([device, description].filter(Boolean).join(", "));
}

main();
