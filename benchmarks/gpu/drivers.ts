import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Environment variables that let Vulkan find its loader and the GPU's driver. */
type Env = Readonly<Record<string, string>>;

/** A way to a GPU's driver that works, and what it finds there. */
export interface Driver {
  readonly env: Env;
  /** How, in words. */
  readonly how: string;
  /** The GPU and its driver's version; undefined where no way led to one. */
  readonly adapter?: string;
}

const libraries = (): string => {
  for (const command of ["ldconfig", "/sbin/ldconfig"])
    try {
      return execFileSync(command, ["-p"]).toString();
    } catch {}
  return "";
};

/**
 * NVIDIA's driver, in containers often without the file that names it to Vulkan: one is made for each library it may be
 * in.
 */
function nvidiaWays(known: string): Driver[] {
  return ["libGLX_nvidia.so.0", "libEGL_nvidia.so.0"]
    .filter((library) => known.includes(library))
    .map((library) => {
      const file = join(tmpdir(), `bioflax-${library}.json`);
      const icd = { library_path: library, api_version: "1.3.0" };
      writeFileSync(file, JSON.stringify({ file_format_version: "1.0.0", ICD: icd }));
      return { env: { VK_DRIVER_FILES: file }, how: `a file of ours that names ${library}` };
    });
}

/**
 * Finds a way to a GPU for WebGPU: what the machine has set up, else NVIDIA's libraries named by a file of ours. The
 * loader is the machine's, else the bundle's.
 *
 * @param bundle the folder with `node`, `adapter.cjs` and `lib/libvulkan.so.1`.
 */
export function findDriver(bundle: string): Driver {
  const known = libraries();
  const hasLoader = known.includes("libvulkan.so.1");
  const loader: Env = hasLoader
    ? {}
    : {
        LD_LIBRARY_PATH: [join(bundle, "lib"), process.env.LD_LIBRARY_PATH]
          .filter(Boolean)
          .join(":"),
      };
  const ways = [{ env: {}, how: "as the machine is set up" }, ...nvidiaWays(known)];
  for (const { env, how } of ways) {
    const all = { ...loader, ...env };
    try {
      const adapter = execFileSync(process.execPath, [join(bundle, "adapter.cjs")], {
        env: { ...process.env, ...all },
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 60_000,
      }).toString();
      if (adapter !== "") {
        const from = hasLoader ? "the machine's loader" : "the bundle's loader";
        return { env: all, how: `${how}, ${from}`, adapter };
      }
    } catch {}
  }
  const folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"].filter(existsSync);
  const files = folders.flatMap((folder) => readdirSync(folder));
  return {
    env: loader,
    how: `none of ${ways.length} ways; files that name drivers: ${files.join(", ") || "none"}; NVIDIA's libraries: ${ways.length > 1 ? "there" : "not there"}`,
  };
}
