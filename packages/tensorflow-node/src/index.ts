export { cacheFolder } from "./cache-folder";
export { fetchWheels, hasWheels, type Wheels } from "./fetch-wheels";
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
export { type Machine, type Platform, platformOf, thisMachine } from "./platform";
export type { OnProgress, Progress } from "./progress";
export { ProgressLine } from "./progress-line";
export { linesAboutGpus, type Proof, type ProofResult, prove } from "./prove";
export { findPip, type Python } from "./python";
export { showInstallation, showRemoved } from "./show";
export { TENSORFLOW_VERSION, type TensorFlow } from "./tensorflow";
export { addUser, removeUser } from "./users";
export { supplyUtilFunctions } from "./util-functions";
