export { type OnProgress, type Progress, ProgressLine } from "@bioflax/wheels";
export { PjrtBuffer } from "./buffer";
export { type BufferOptions, type OnDevice, PjrtClient } from "./client";
export type { CompileOptions } from "./compile-options";
export type { PjrtDevice } from "./device";
export { type ElementType, elementTypes, type HostArray, type HostArrayOf } from "./element-type";
export { type ExecuteOptions, PjrtExecutable } from "./executable";
export { PjrtError, type PjrtErrorCode } from "./pjrt-error";
export { type ApiVersion, loadPlugin, type NamedValue, PjrtPlugin } from "./plugin";
export { cacheFolder } from "./plugins/cache-folder";
export { findPlugin } from "./plugins/find-plugin";
export {
  type CacheOptions,
  type InstallOptions,
  installPlugin,
  uninstallPlugin,
} from "./plugins/install-plugin";
export {
  type KnownPlugin,
  knownPlugins,
  type PluginName,
  pluginNames,
  type Wheel,
} from "./plugins/known-plugins";
export { PluginError, type PluginFault } from "./plugins/plugin-error";
