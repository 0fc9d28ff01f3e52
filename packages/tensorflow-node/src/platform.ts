import type { Machine } from "@bioflax/wheels";
import { InstallError } from "./install-error";

/** What depends on the operating system. */
export interface Platform {
  /** TensorFlow's two libraries, in the folder of its Python package. */
  readonly libraries: readonly [string, string];
  /** What the linker needs beside them. */
  readonly linkerFlags: readonly string[];
  /** Those of TensorFlow's functions that signals wait for; the linker puts ours in their place. */
  readonly heldFunctions: readonly string[];
  /**
   * The library that sets the level of TensorFlow's log before TensorFlow begins, and what finds it; undefined for
   * none.
   */
  readonly logLevel: { readonly file: string; readonly flags: readonly string[] } | undefined;
  /** Whether TensorFlow's wheels can use NVIDIA's GPUs here. */
  readonly hasCuda: boolean;
  /** What gets a C++ compiler. */
  readonly compilerRemedy: string;
}

const linux = (hasCuda: boolean): Platform => ({
  libraries: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
  linkerFlags: [],
  heldFunctions: ["TFE_NewContext", "TFE_Execute", "TF_LoadSessionFromSavedModel", "TF_SessionRun"],
  logLevel: { file: "libtfjs_log_level.so", flags: ["-Wl,--no-as-needed", "-Wl,-rpath,$ORIGIN"] },
  hasCuda,
  compilerRemedy:
    "Install one (Debian and Ubuntu: `apt install g++`; Fedora: `dnf install gcc-c++`), or name yours in CXX.",
});

const macos: Platform = {
  libraries: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
  // Node's own symbols are found when the addon is loaded.
  linkerFlags: ["-undefined", "dynamic_lookup"],
  // The linker cannot, and the code at fault is not for these processors.
  heldFunctions: [],
  logLevel: undefined,
  hasCuda: false,
  compilerRemedy: "Install one: `xcode-select --install`.",
};

const refuse = (reason: string, remedy: string) =>
  new InstallError({ fault: "platform", reason, remedy });

/**
 * What depends on the operating system.
 *
 * @throws InstallError where TensorFlow has no wheel with its C library, saying why.
 */
export function platformOf({ platform, arch, glibc }: Machine): Platform {
  if (platform === "win32") {
    throw refuse(
      "On Windows, TensorFlow's wheels hold no library that a program other than Python can be linked with.",
      "Use Linux in WSL 2, where NVIDIA's GPUs work too.",
    );
  }
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) {
    if (glibc === undefined) {
      throw refuse(
        "TensorFlow's wheels are made for the GNU C library, which this system (musl, such as Alpine) does not have.",
        "Use a system that has it: Debian, Ubuntu, Fedora, or Node's image without -alpine.",
      );
    }
    return linux(arch === "x64");
  }
  if (platform === "darwin" && arch === "arm64") return macos;
  throw refuse(
    `TensorFlow has no wheel for ${platform} on ${arch}.`,
    "It has them for Linux on x64 and arm64, and for macOS on Apple's processors.",
  );
}
