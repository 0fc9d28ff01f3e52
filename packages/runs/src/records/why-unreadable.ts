import * as z from "zod";

/** Why a file's text is not what it should be, in the words of an error from parsing it: of a schema, its first issues. */
export const whyUnreadable = (error: unknown): string =>
  error instanceof z.ZodError
    ? error.issues
        .slice(0, 5)
        .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
        .join("; ")
    : (error as Error).message;
