/** The devices whose native parts are installed apart from the packages. */
export const installableDevices = ["tensorflow", "tensorflow-gpu", "cuda"] as const;

/** The name of one of them. */
export type InstallableDevice = (typeof installableDevices)[number];
