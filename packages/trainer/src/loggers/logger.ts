import type { Reporter } from "./reporter";

/** A reporter that keeps what it is told, on disk or on a server. */
export type Logger = Required<Pick<Reporter, "started" | "epochFinished" | "finished" | "failed">>;
