import { MlflowError, reasonOf } from "./mlflow-error";

/** Where an MLflow server is, and how to talk to it. */
export interface MlflowServer {
  /** Of its start page. */
  readonly url: string;
  /** Who is asking: the value of the header `Authorization`. */
  readonly authorization?: string | undefined;
  /** Milliseconds that an answer may take. */
  readonly timeout?: number;
}

const API = "api/2.0/mlflow/";
const ARTIFACTS = "api/2.0/mlflow-artifacts/artifacts/";
/** Bytes a millisecond that an upload is given time for. */
const SLOWEST = 250;

/** The REST API of an MLflow server. Every request ends: by an answer, or by an {@link MlflowError}. */
export class MlflowClient {
  readonly #given = new AbortController();

  constructor(private readonly server: MlflowServer) {}

  /** Gives up what has not been answered yet, and all that would be asked from here on. */
  giveUp(): void {
    this.#given.abort();
  }

  /** Asks for something, by name: `experiments/get-by-name`. */
  get(name: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#request("GET", this.#path(`${API}${name}?${new URLSearchParams(query)}`));
  }

  /** Has something done, by name: `runs/create`. */
  post(name: string, body: object): Promise<unknown> {
    return this.#request("POST", this.#path(API + name), JSON.stringify(body), "application/json");
  }

  /**
   * Stores a file of a run.
   *
   * @param root the run's `artifact_uri`, which begins with `mlflow-artifacts:`.
   */
  async putArtifact(root: string, name: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    const { host, pathname } = new URL(root);
    const path = `${pathname.replace(/^\/+/, "")}/${encodeURIComponent(name)}`;
    const target = this.#path(ARTIFACTS + path);
    if (host !== "") target.host = host;
    await this.#request("PUT", target, data, "application/octet-stream");
  }

  #path(path: string): URL {
    return new URL(path, this.server.url.endsWith("/") ? this.server.url : `${this.server.url}/`);
  }

  async #request(
    method: string,
    url: URL,
    body?: string | Uint8Array<ArrayBuffer>,
    type?: string,
  ): Promise<unknown> {
    const { authorization, timeout = 10_000 } = this.server;
    const allowed = timeout + Math.ceil((body?.length ?? 0) / SLOWEST);
    try {
      const response = await fetch(url, {
        method,
        // A redirect would make a GET of a POST.
        redirect: "manual",
        headers: {
          ...(type && { "content-type": type }),
          ...(authorization && { authorization }),
        },
        ...(body !== undefined && { body }),
        signal: AbortSignal.any([AbortSignal.timeout(allowed), this.#given.signal]),
      });
      return answerOf(method, response, await response.text());
    } catch (error) {
      throw error instanceof MlflowError ? error : reasonOf(error, allowed);
    }
  }
}

/**
 * What an MLflow server answers.
 *
 * @param method of the request; to a PUT there may be no more to say than that it is done.
 * @throws MlflowError when it says no, and when it isn't one.
 */
function answerOf(method: string, { ok, status, headers }: Response, text: string): unknown {
  const answer = parse(text);
  const { error_code: code, message } = (answer ?? {}) as { error_code?: string; message?: string };
  if (status === 401 || status === 403)
    throw new MlflowError(`it answered ${status}, access denied`, "denied", code);
  if (status >= 500 || status === 429)
    throw new MlflowError(
      `it answered ${status}${message ? `, ${message}` : ""}`,
      "unreachable",
      code,
    );
  const location = headers.get("location");
  if (location !== null)
    throw new MlflowError(`it answered ${status} and sent us on to ${location}`, "foreign");
  if (ok && (answer !== undefined || method === "PUT")) return answer;
  if (code === undefined)
    throw new MlflowError(`it answered ${status}, not as an MLflow server does`, "foreign");
  throw new MlflowError(`it answered ${code}${message ? `, ${message}` : ""}`, "refused", code);
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
