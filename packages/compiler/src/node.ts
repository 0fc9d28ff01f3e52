export { cudaLibrariesFile, cudaProvider } from "./runtime/platform/cuda";
