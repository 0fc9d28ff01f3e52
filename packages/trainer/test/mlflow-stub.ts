import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "@jest/globals";

/** What a stub keeps of a run. */
export interface StubRun {
  readonly experiment: string;
  status: string;
  startTime: number;
  endTime?: number;
  readonly params: Record<string, string>;
  readonly tags: Record<string, string>;
  readonly metrics: { key: string; value: number | string; timestamp: number; step: number }[];
  readonly artifacts: Record<string, Buffer>;
}

/** A request as a test may want to treat it. */
export interface StubRequest {
  readonly method: string;
  /** Behind `/api/2.0/`, without the query. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/**
 * What to do with a request: answer it as MLflow does; keep silent; cut the connection, before or after doing what it
 * asks for; or answer with a status and a text instead.
 */
export type Behaviour =
  | "answer"
  | "stall"
  | "cut"
  | "doAndCut"
  | { readonly status: number; readonly text?: string; readonly location?: string };

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** An answer that says no. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const invalid = (message: string) => new Refusal(400, "INVALID_PARAMETER_VALUE", message);
const missing = (message: string) => new Refusal(404, "RESOURCE_DOES_NOT_EXIST", message);

function checkEntries(entries: readonly Entry[], length: number): void {
  if (entries.length > 100)
    throw invalid(`Expected at most 100 entries, received ${entries.length}.`);
  for (const { key, value } of entries)
    if (typeof key !== "string" || typeof value !== "string" || value.length > length)
      throw invalid(`Not an entry: ${key}, ${value}.`);
}

/** As much of MLflow's REST API as a run needs, with its limits, in memory. */
export class MlflowStub {
  readonly runs = new Map<string, StubRun>();
  readonly experiments = new Map<string, { id: string; stage: string }>();
  readonly requests: StubRequest[] = [];
  /** Where runs have their files. */
  artifactRoot = "mlflow-artifacts:/";
  /** How each request is treated. */
  behave: (request: StubRequest) => Behaviour | Promise<Behaviour> = () => "answer";
  #server = createServer((request, response) => void this.#serve(request, response));
  #port = 0;

  /** Listens, on the port it had before if it had one. */
  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Cuts all connections and listens no more. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The only run there is. */
  get run(): StubRun {
    const [run, ...others] = this.runs.values();
    if (run === undefined || others.length > 0)
      throw new Error(`Expected one run, there are ${this.runs.size}.`);
    return run;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { method = "", headers, url = "" } = request;
    const { pathname, searchParams } = new URL(url, this.url);
    const path = pathname.replace("/api/2.0/", "");
    const seen = { method, path, authorization: headers.authorization };
    this.requests.push(seen);
    const behaviour = await this.behave(seen);
    if (behaviour === "stall") return;
    if (behaviour === "cut") return void request.socket.destroy();
    if (typeof behaviour === "object") {
      const { status, text = "", location } = behaviour;
      response.writeHead(status, location === undefined ? {} : { location }).end(text);
      return;
    }
    try {
      const body = Buffer.concat(chunks);
      const answer =
        method === "PUT"
          ? this.#store(path, body)
          : this.#do(
              method,
              path,
              searchParams,
              body.length > 0 ? JSON.parse(body.toString()) : {},
            );
      if (behaviour === "doAndCut") return void request.socket.destroy();
      response.end(method === "PUT" ? "" : JSON.stringify(answer));
    } catch (error) {
      const { status = 500, code = "INTERNAL_ERROR", message } = error as Refusal;
      response.writeHead(status).end(JSON.stringify({ error_code: code, message }));
    }
  }

  #store(path: string, body: Buffer): void {
    const [, id, name] =
      /^mlflow-artifacts\/artifacts\/\d+\/(.+)\/artifacts\/([^/]+)$/.exec(path) ?? [];
    this.#run(id).artifacts[decodeURIComponent(name as string)] = body;
  }

  #run(id: string | undefined): StubRun {
    const run = this.runs.get(id as string);
    if (run === undefined) throw missing(`No run ${id}.`);
    return run;
  }

  #infoOf(id: string): object {
    const { experiment, status } = this.#run(id);
    const artifact_uri = `${this.artifactRoot}${experiment}/${id}/artifacts`;
    return { info: { run_id: id, experiment_id: experiment, status, artifact_uri } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: what a client sends may be anything; the fields used are checked.
  #do(method: string, path: string, query: URLSearchParams, body: any): unknown {
    switch (`${method} ${path}`) {
      case "GET mlflow/experiments/get-by-name": {
        const name = query.get("experiment_name") as string;
        const found = this.experiments.get(name);
        if (found === undefined) throw missing(`Could not find experiment with name '${name}'`);
        return { experiment: { experiment_id: found.id, name, lifecycle_stage: found.stage } };
      }
      case "POST mlflow/experiments/create": {
        if (this.experiments.has(body.name))
          throw new Refusal(400, "RESOURCE_ALREADY_EXISTS", `Experiment ${body.name} exists.`);
        const id = String(this.experiments.size + 1);
        this.experiments.set(body.name, { id, stage: "active" });
        return { experiment_id: id };
      }
      case "POST mlflow/runs/create": {
        if (![...this.experiments.values()].some(({ id }) => id === body.experiment_id))
          throw missing(`No experiment ${body.experiment_id}.`);
        checkEntries(body.tags, 5000);
        if (!Number.isInteger(body.start_time)) throw invalid("start_time");
        const id = `run${this.runs.size + 1}`;
        this.runs.set(id, {
          experiment: body.experiment_id,
          status: "RUNNING",
          startTime: body.start_time,
          params: {},
          tags: Object.fromEntries(body.tags.map(({ key, value }: Entry) => [key, value])),
          metrics: [],
          artifacts: {},
        });
        return { run: this.#infoOf(id) };
      }
      case "GET mlflow/runs/get":
        return { run: this.#infoOf(query.get("run_id") as string) };
      case "POST mlflow/runs/search": {
        const [, mark] = /^tags\."bioflax\.id" = '([^']+)'$/.exec(body.filter) ?? [];
        const found = [...this.runs].filter(([, { tags }]) => tags["bioflax.id"] === mark);
        return found.length > 0 ? { runs: found.map(([id]) => this.#infoOf(id)) } : {};
      }
      case "POST mlflow/runs/update": {
        const run = this.#run(body.run_id);
        run.status = body.status;
        if (body.end_time !== undefined) run.endTime = body.end_time;
        return { run_info: {} };
      }
      case "POST mlflow/runs/log-batch":
        return this.#logBatch(this.#run(body.run_id), body);
      default:
        throw new Refusal(404, "ENDPOINT_NOT_FOUND", path);
    }
  }

  #logBatch(
    run: StubRun,
    {
      params = [],
      tags = [],
      metrics = [],
    }: { params?: Entry[]; tags?: Entry[]; metrics?: StubRun["metrics"] },
  ): object {
    checkEntries(params, 500);
    checkEntries(tags, 5000);
    if (metrics.length > 1000) throw invalid(`Expected at most 1000 metrics.`);
    for (const { key, value } of params) {
      if (run.params[key] !== undefined && run.params[key] !== value)
        throw invalid(`Changing param values is not allowed: ${key}`);
      run.params[key] = value;
    }
    for (const { key, value } of tags) run.tags[key] = value;
    for (const metric of metrics) {
      const { key, value, timestamp, step } = metric;
      const isNumber =
        typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value);
      if (!/^[\w./ -]+$/.test(key) || !isNumber) throw invalid(`Not a metric: ${key}, ${value}.`);
      if (!Number.isInteger(timestamp) || !Number.isInteger(step)) throw invalid(key);
      // As in MLflow's own tables, the same measurement is there once.
      const same = run.metrics.some((one) => JSON.stringify(one) === JSON.stringify(metric));
      if (!same) run.metrics.push(metric);
    }
    return {};
  }
}

/** A stub for one test, stopped after it. */
export async function startMlflowStub(): Promise<MlflowStub> {
  const stub = await new MlflowStub().start();
  stubs.push(stub);
  return stub;
}

const stubs: MlflowStub[] = [];

/** Stops the stubs of each test of a file after it. */
export function stopStubsAfterEach(): void {
  afterEach(async () => {
    for (const stub of stubs.splice(0)) await stub.stop();
  });
}
