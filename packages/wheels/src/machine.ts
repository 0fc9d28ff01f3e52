/** A machine that wheels are made for. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
  /** The version of the GNU C library; undefined where there is none. */
  readonly glibc: string | undefined;
}

/** This machine. */
export function thisMachine(): Machine {
  const report = process.report?.getReport() as unknown as
    | { header: { glibcVersionRuntime?: string } }
    | undefined;
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: report?.header.glibcVersionRuntime,
  };
}
