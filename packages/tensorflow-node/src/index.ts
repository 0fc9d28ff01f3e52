export type { Machine, OnProgress, Progress } from "@bioflax/wheels";
export { cacheFolder } from "./cache-folder";
export {
  type Installation,
  type InstallOptions,
  install,
  type Removed,
  uninstall,
} from "./install";
export { InstallError, type InstallFault } from "./install-error";
export { type Manifest, readManifest } from "./manifest";
export { findPackage, type NpmPackage, npmPackages, type Target } from "./npm-package";
export { type Platform, platformOf } from "./platform";
export { linesAboutGpus, type Proof, type ProofResult, prove } from "./prove";
export { showInstallation, showRemoved } from "./show";
export { TENSORFLOW_VERSION, type TensorFlow } from "./tensorflow";
export { supplyUtilFunctions } from "./util-functions";
