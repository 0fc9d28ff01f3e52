import { BioflaxError } from "@bioflax/core";

/** What went wrong with a `fetch`, which hides it in the cause, and there sometimes in the code alone. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as {
    message: string;
    cause?: { message?: string; code?: string };
  };
  return cause?.message || cause?.code || message;
}

/** A handler that raises the error for a path that cannot be written. */
export function unwritable(path: string) {
  return (error: Error): never => {
    throw new BioflaxError(
      `${path}: expected to be able to write it, but ${error.message}. ` +
        "Free some space, check the permissions, or set BIOFLAX_CACHE to another folder.",
      { cause: error },
    );
  };
}

/** Why a file or a folder cannot be used, in words rather than the operating system's. */
export function whyUnusable({ code, message }: NodeJS.ErrnoException): string {
  return (code !== undefined && reasons[code]) || message;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is nothing by that name",
  ENOTDIR: "it is, or lies in, a file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
  ELOOP: "it is a link to itself",
};
