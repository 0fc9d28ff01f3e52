/** The part of Node's report about itself that is read here; it has no types. */
interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
}

/** A limit so low that a package which cannot be found has most likely not been opened for it. */
const LOW = 256;

/**
 * How many files may be open at once: Node tells nowhere else, and to read it from /proc, one more would have to be.
 */
function limitOfOpenFiles(): number | string | undefined {
  const { userLimits } = (process.report?.getReport() ?? {}) as Report;
  return userLimits?.open_files?.soft;
}

/** Whether an error says that no more files can be opened. */
export function isTooManyFiles(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "EMFILE" || code === "ENFILE") return true;
  // What Node makes of a package.json that it cannot open.
  return code === "ERR_MODULE_NOT_FOUND" && Number(limitOfOpenFiles()) < LOW;
}

/** What a person can do when no more files can be opened, with how many there may be. */
export function tooManyFiles(): string {
  const limit = limitOfOpenFiles();
  return `too many files are open${limit === undefined ? "" : `: the limit is ${limit}`}. Raise it, as with ulimit -n 1024`;
}
