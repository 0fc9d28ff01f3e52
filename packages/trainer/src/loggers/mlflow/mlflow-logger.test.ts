import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { EpochRecord } from "@bioflax/runs";
import { describe, expect, test } from "@jest/globals";
import { fakeEngine, type Script } from "../../../test/fake-engine";
import {
  type Behaviour,
  type StubRun,
  startMlflowStub,
  stopStubsAfterEach,
} from "../../../test/mlflow-stub";
import { scratchFolder } from "../../../test/scratch";
import type { ConfigInput } from "../../config/schema";
import { ConfigError } from "../../resolve/resolve";
import type { TrainOptions } from "../../run/prepare";
import { train } from "../../run/train";
import type { Reporter, RunStart } from "../reporter";
import { scalarsOf } from "../scalars";
import { MlflowLogger, type MlflowSetup } from "./mlflow-logger";

const scratch = scratchFolder();
let runs = 0;
stopStubsAfterEach();

/** Says what a logger has to say. */
function listener() {
  const warnings: string[] = [];
  const notes: string[] = [];
  const reporter: Reporter = {
    warning: (message) => warnings.push(message),
    notice: (message) => notes.push(message),
  };
  return { warnings, notes, reporter };
}

/** Connects to a server and trains on a fake engine. */
async function run(
  url: string,
  {
    config = {},
    script = {},
    setup = {},
    options = {},
  }: {
    config?: ConfigInput;
    script?: Script;
    setup?: Partial<MlflowSetup>;
    options?: TrainOptions;
  } = {},
) {
  const heard = listener();
  const logger = await MlflowLogger.connect({
    url,
    experiment: "bioflax",
    env: {},
    reporter: heard.reporter,
    patience: 20_000,
    ...setup,
  });
  const out = join(scratch, String(runs++));
  const { createEngine } = fakeEngine(script);
  const outcome = await train(
    {
      dataset: "sinreg",
      hiddenLayers: [],
      activations: [],
      trainSetSize: 5,
      testSetSize: 2,
      epochs: 3,
      tensorboard: false,
      out,
      ...config,
    },
    { createEngine, reporter: logger, ...options },
  ).catch((error: Error) => error);
  const records = readFileSync(join(out, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as EpochRecord);
  return { ...heard, out, outcome, records };
}

/** What a server should have of some epochs. */
const expectedMetrics = (records: readonly EpochRecord[]) =>
  records.flatMap((record) =>
    Object.entries(scalarsOf(record, { lr: 0.02 })).map(([key, value]) => ({
      key,
      value,
      step: record.epoch,
    })),
  );
const withoutTime = (metrics: readonly { key: string; value: unknown; step: number }[]) =>
  metrics.map(({ key, value, step }) => ({ key, value, step }));

/** A port nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a run on an MLflow server", () => {
  test("has settings, tags, the numbers of each epoch, an end and its files", async () => {
    const stub = await startMlflowStub();
    const before = Date.now();
    const { out, records, warnings, notes, outcome } = await run(stub.url);
    expect(outcome).not.toBeInstanceOf(Error);
    expect(warnings).toEqual([]);
    expect(notes).toEqual([`mlflow ${stub.url}/#/experiments/1/runs/run1`]);
    const sent = stub.run;
    expect(sent).toMatchObject({ experiment: "1", status: "FINISHED" });
    expect(sent.startTime).toBeGreaterThanOrEqual(before);
    expect(sent.endTime).toBeGreaterThanOrEqual(sent.startTime);
    expect(sent.params).toMatchObject({ dataset: "sinreg", lr: "0.02", hiddenLayers: "none" });
    expect(Object.keys(sent.params)).not.toEqual(expect.arrayContaining(["out"]));
    expect(sent.tags).toMatchObject({
      "mlflow.runName": out.split("/").at(-1),
      "mlflow.source.name": "bioflax train",
      "bioflax.engine": "compiled",
      "bioflax.device": "fake",
      "bioflax.threads": "3",
      "bioflax.folder": out,
      "bioflax.version": expect.any(String),
      "bioflax.status": "done",
      "bioflax.bestEpoch": "3",
      "bioflax.versions.fake": "1.2.3",
    });
    expect(records).toHaveLength(3);
    expect(withoutTime(sent.metrics)).toEqual(expectedMetrics(records));
    for (const { timestamp } of sent.metrics)
      expect(timestamp >= before && timestamp <= Date.now()).toBe(true);
    const files = ["config.json", "metrics.jsonl", "summary.json", "final.safetensors"];
    expect(Object.keys(sent.artifacts).sort()).toEqual([...files].sort());
    for (const file of files) expect(sent.artifacts[file]).toEqual(readFileSync(join(out, file)));
    expect(JSON.parse(readFileSync(join(out, "mlflow.json"), "utf8"))).toEqual({
      url: stub.url,
      experimentId: "1",
      runId: "run1",
    });
  });

  test("belongs to the experiment of that name", async () => {
    const stub = await startMlflowStub();
    stub.experiments.set("other", { id: "7", stage: "active" });
    stub.experiments.set("mine / 2", { id: "8", stage: "active" });
    await run(stub.url, { setup: { experiment: "mine / 2" } });
    expect(stub.run.experiment).toBe("8");
    expect(stub.experiments.size).toBe(2);
  });

  test.each<[string, Script, TrainOptions, string, string]>([
    ["is interrupted", {}, { signal: AbortSignal.abort() }, "KILLED", "interrupted"],
    [
      "fails",
      {
        loss: (epoch) => (epoch === 2 ? Number.NaN : 1),
      },
      {},
      "FAILED",
      "failed",
    ],
  ])("that %s says so", async (_name, script, options, status, tag) => {
    const stub = await startMlflowStub();
    const interrupted = new AbortController();
    const given =
      options.signal === undefined ? options : { ...options, signal: interrupted.signal };
    const onStep = (epoch: number) => {
      if (options.signal !== undefined && epoch === 2) interrupted.abort();
    };
    const { records } = await run(stub.url, { script: { ...script, onStep }, options: given });
    expect(stub.run.status).toBe(status);
    expect(stub.run.tags["bioflax.status"]).toBe(tag);
    if (tag === "failed")
      expect(stub.run.tags["bioflax.error"]).toContain("the training loss is NaN");
    expect(records).toHaveLength(1);
    expect(withoutTime(stub.run.metrics)).toEqual(expectedMetrics(records));
    expect(Object.keys(stub.run.artifacts)).toContain("final.safetensors");
  });

  test("keeps its files where the server does not take them, and says so", async () => {
    const stub = await startMlflowStub();
    stub.artifactRoot = "s3://bucket/";
    const { out, notes, warnings } = await run(stub.url);
    expect(stub.run).toMatchObject({ status: "FINISHED", artifacts: {} });
    expect(warnings).toEqual([]);
    expect(notes[1]).toBe(
      `mlflow keeps files in s3://bucket/1/run1/artifacts; those of the run stay in ${out}`,
    );
  });

  test("has values cut to what servers take", async () => {
    const stub = await startMlflowStub();
    const activations = new Array(200).fill("relu");
    const hiddenLayers = new Array(200).fill(1);
    const { warnings } = await run(stub.url, { config: { activations, hiddenLayers } });
    expect(warnings).toEqual([]);
    expect(stub.run.params.activations).toHaveLength(500);
    expect(stub.run.params.activations).toMatch(/relu…$|…$/);
  });

  test("may have numbers that are not finite", async () => {
    const stub = await startMlflowStub();
    const { reporter } = listener();
    const setup = { url: stub.url, experiment: "bioflax", env: {}, reporter };
    const logger = await MlflowLogger.connect(setup);
    const { createEngine } = fakeEngine();
    await train(
      {
        dataset: "sinreg",
        hiddenLayers: [],
        activations: [],
        epochs: 1,
        tensorboard: false,
        out: join(scratch, String(runs++)),
      },
      {
        createEngine,
        reporter: {
          started: (start) => logger.started(start),
          epochFinished: (record) =>
            logger.epochFinished({
              ...record,
              train: { loss: Number.NaN },
              test: { loss: -1 / 0 },
            }),
          finished: (end) => logger.finished(end),
        },
      },
    );
    const byKey = Object.fromEntries(stub.run.metrics.map(({ key, value }) => [key, value]));
    expect(byKey).toMatchObject({ "loss/train": "NaN", "loss/test": "-Infinity" });
  });
});

describe("credentials", () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ["none", {}, undefined],
    [
      "a name and a password",
      { MLFLOW_TRACKING_USERNAME: "ada", MLFLOW_TRACKING_PASSWORD: "p:w" },
      `Basic ${Buffer.from("ada:p:w").toString("base64")}`,
    ],
    ["a token", { MLFLOW_TRACKING_TOKEN: "t" }, "Bearer t"],
    ["a name without a password", { MLFLOW_TRACKING_USERNAME: "ada" }, undefined],
  ])("%s", async (_name, env, authorization) => {
    const stub = await startMlflowStub();
    await run(stub.url, { setup: { env } });
    expect(stub.requests.length).toBeGreaterThan(8);
    for (const request of stub.requests) expect(request.authorization).toBe(authorization);
  });
});

describe("before anything is trained, an error tells of", () => {
  const refused = async (config: ConfigInput) => {
    const { createEngine, setups } = fakeEngine();
    const out = join(scratch, String(runs++));
    const error = await train({ dataset: "sinreg", out, ...config }, { createEngine }).catch(
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(setups).toEqual([]);
    expect(existsSync(out)).toBe(false);
    return (error as Error).message;
  };

  test.each<[string, Behaviour, string]>([
    [
      "credentials that are refused",
      { status: 401, text: "You are not authenticated." },
      "it answered 401, access denied. Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
    ],
    ["access that is denied", { status: 403 }, "it answered 403, access denied. Set MLFLOW_"],
    [
      "a page that is no MLflow server",
      { status: 200, text: "<html>" },
      "it answered 200, not as an MLflow server does. Check the URL",
    ],
    [
      "another program's answer",
      { status: 200, text: '{"hello":1}' },
      "it answered without an experiment, not as an MLflow server does. Check the URL",
    ],
    ["a server without the API", { status: 404, text: "nothing here" }, "it answered 404, not as"],
    [
      "a server elsewhere",
      { status: 302, location: "https://login.example.org/" },
      "it answered 302 and sent us on to https://login.example.org/. Check the URL",
    ],
  ])("%s", async (_name, behaviour, message) => {
    const stub = await startMlflowStub();
    stub.behave = () => behaviour;
    expect(await refused({ mlflow: stub.url })).toContain(
      `--mlflow ${stub.url}: expected an MLflow server, but ${message}`,
    );
  });

  // Reported: a server's text was printed whole, with its control characters.
  test("a server's own words, cut and safe to print", async () => {
    const stub = await startMlflowStub();
    const message = `\u001b[2J\nno${" never".repeat(10_000)}`;
    stub.behave = () => ({ status: 400, text: JSON.stringify({ error_code: "BAD", message }) });
    const said = await refused({ mlflow: stub.url });
    expect(said).toContain("it answered BAD, \\u001b[2J\\u000ano never never");
    expect(said.length).toBeLessThan(500);
    expect(said).not.toMatch(/\p{Cc}/u);
  });

  test("an experiment that has been deleted", async () => {
    const stub = await startMlflowStub();
    stub.experiments.set("gone", { id: "1", stage: "deleted" });
    expect(await refused({ mlflow: stub.url, mlflowExperiment: "gone" })).toContain(
      "its experiment gone has been deleted. Restore it there, or choose another --mlflow-experiment",
    );
  });

  test.each([
    ["localhost:5000", "expected the http or https URL of a server, such as http://localhost:5000"],
    ["ftp://host", 'received "ftp://host"'],
    ["not a url", 'received "not a url"'],
    ["http://ada:secret@host", "expected a URL without a name or a password"],
  ])("the URL %s", async (mlflow, message) => {
    const said = await refused({ mlflow });
    expect(said).toContain(message);
    expect(said).not.toContain("secret");
  });
});

describe("a server that does not answer", () => {
  test("from the start to the end costs a warning, and the run is complete", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { warnings, outcome, records, out } = await run(url, { setup: { patience: 300 } });
    expect(outcome).toMatchObject({ summary: { status: "done" } });
    expect(records).toHaveLength(3);
    expect(warnings).toEqual([
      `--mlflow ${url}: nobody listens there. The run goes on; what there is to send is kept and tried again.`,
      `--mlflow ${url}: not everything could be sent. The run is complete in ${out}.`,
    ]);
  });

  // Reported: a server that never answers delayed the end by up to 50 s. Here every answer would be waited for without
  // an end.
  test("any more is given up at the end, whatever is under way", async () => {
    const stub = await startMlflowStub();
    const setup = { timeout: 1e9, patience: 100 };
    const { warnings, outcome, out } = await run(stub.url, {
      setup,
      script: {
        onStep() {
          stub.behave = () => "stall";
        },
      },
    });
    expect(outcome).toMatchObject({ summary: { status: "done" } });
    expect(warnings).toEqual([
      `--mlflow ${stub.url}: not everything could be sent. The run is complete in ${out}.`,
    ]);
  });

  test("but accepts connections costs no more", async () => {
    const stub = await startMlflowStub();
    stub.behave = () => "stall";
    const { warnings, outcome } = await run(stub.url, { setup: { timeout: 50, patience: 100 } });
    expect(outcome).toMatchObject({ summary: { status: "done" } });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("there was no answer within 0.05 s");
  });

  test("for some time in between gets everything after it, once", async () => {
    const stub = await startMlflowStub();
    let isDown = false;
    stub.behave = () => (isDown ? { status: 503, text: "<html>" } : "answer");
    const onStep = (epoch: number) => {
      isDown = epoch === 2;
    };
    const { warnings, notes, records } = await run(stub.url, { script: { onStep } });
    expect(stub.run.status).toBe("FINISHED");
    expect(withoutTime(stub.run.metrics)).toEqual(expectedMetrics(records));
    expect(warnings.length).toBeLessThanOrEqual(1);
    expect(notes[0]).toContain("/runs/run1");
  });

  test("until training is over gets everything then", async () => {
    const stub = await startMlflowStub();
    const { url } = stub;
    await stub.stop();
    const { warnings, notes, records } = await run(url, {
      script: {
        onStep: (epoch, step) => {
          if (epoch === 3 && step === 5) void stub.start();
        },
      },
    });
    expect(withoutTime(stub.run.metrics)).toEqual(expectedMetrics(records));
    expect(stub.run).toMatchObject({ status: "FINISHED" });
    expect(Object.keys(stub.run.artifacts)).toHaveLength(4);
    expect(warnings).toEqual([expect.stringContaining("nobody listens there. The run goes on")]);
    expect(notes.at(-1)).toContain("what was kept has been sent");
  });

  test("is not waited for by training", async () => {
    const stub = await startMlflowStub();
    let release: (behaviour: Behaviour) => void = () => {};
    const held = new Promise<Behaviour>((resolve) => {
      release = resolve;
    });
    stub.behave = ({ path }) => (path.startsWith("mlflow/experiments") ? "answer" : held);
    const seen: number[] = [];
    await run(stub.url, {
      script: {
        onStep: (epoch, step) => {
          seen.push(stub.runs.size);
          if (epoch === 3 && step === 5) release("answer");
        },
      },
    });
    expect(seen).toEqual(new Array(15).fill(0));
    expect(stub.run.status).toBe("FINISHED");
  });
});

describe("a server that does what it is asked for, but", () => {
  test("loses the answer, is not asked twice", async () => {
    const stub = await startMlflowStub();
    const lost = new Set<string>();
    stub.behave = ({ method, path }) => {
      if (path.startsWith("mlflow/experiments") || lost.has(path)) return "answer";
      lost.add(path);
      return method === "PUT" ? "cut" : "doAndCut";
    };
    const { records, warnings } = await run(stub.url);
    expect(lost.size).toBeGreaterThan(5);
    expect(stub.run.status).toBe("FINISHED");
    expect(withoutTime(stub.run.metrics)).toEqual(expectedMetrics(records));
    expect(Object.keys(stub.run.artifacts)).toHaveLength(4);
    expect(warnings).toEqual([expect.stringContaining("the connection was cut")]);
  });

  test("answers nonsense, is asked again", async () => {
    const stub = await startMlflowStub();
    const lied = new Set<string>();
    stub.behave = ({ path }) => {
      if (path.startsWith("mlflow/experiments") || lied.has(path)) return "answer";
      lied.add(path);
      return { status: 200, text: path.endsWith("create") ? "{}" : "<html>" };
    };
    await run(stub.url);
    expect(stub.run).toMatchObject({ status: "FINISHED" });
  });

  test("refuses some of it, has the rest, and the reason is told once", async () => {
    const stub = await startMlflowStub();
    const refusal = JSON.stringify({ error_code: "INVALID_PARAMETER_VALUE", message: "Too odd." });
    stub.behave = ({ path }) =>
      path === "mlflow/runs/log-batch" ? { status: 400, text: refusal } : "answer";
    const { warnings, outcome } = await run(stub.url);
    expect(outcome).toMatchObject({ summary: { status: "done" } });
    expect(warnings).toEqual([
      `--mlflow ${stub.url}: it answered INVALID_PARAMETER_VALUE, Too odd.`,
    ]);
    expect(stub.run.metrics).toEqual([]);
    expect(Object.keys(stub.run.artifacts)).toHaveLength(4);
  });

  test("refuses the run itself, is asked for nothing more", async () => {
    const stub = await startMlflowStub();
    const refusal = JSON.stringify({ error_code: "PERMISSION_DENIED", message: "Not here" });
    stub.behave = ({ path }) =>
      path === "mlflow/runs/create" ? { status: 400, text: refusal } : "answer";
    const { warnings } = await run(stub.url);
    expect(warnings).toEqual([`--mlflow ${stub.url}: it answered PERMISSION_DENIED, Not here.`]);
    expect(stub.requests.map(({ path }) => path)).toEqual([
      "mlflow/experiments/get-by-name",
      "mlflow/experiments/create",
      "mlflow/experiments/get-by-name",
      "mlflow/runs/create",
    ]);
  });
});

describe("a run that goes on", () => {
  /** Trains once, and goes on twice: what the second and third loggers say and send is for the test to see. */
  async function goOn(url: string, between: (out: string) => void | Promise<void>) {
    const heard = listener();
    const connect = () =>
      MlflowLogger.connect({ url, experiment: "bioflax", env: {}, reporter: heard.reporter });
    const first = await connect();
    let start: RunStart | undefined;
    const reporter: Reporter = {
      started(given) {
        start = given;
        first.started(given);
      },
      epochFinished: (record) => first.epochFinished(record),
      finished: (end) => first.finished(end),
    };
    const out = join(scratch, String(runs++));
    const { createEngine } = fakeEngine();
    const given = { dataset: "sinreg", hiddenLayers: [], activations: [], epochs: 2 } as const;
    const { summary, folder } = await train(
      { ...given, hiddenLayers: [], activations: [], tensorboard: false, out },
      { createEngine, reporter },
    );
    await between(out);
    const second = await connect();
    second.started({ ...(start as RunStart), resumed: { records: [], examples: 0 } });
    const lines = readFileSync(join(out, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    const last = JSON.parse(lines[1] as string) as EpochRecord;
    second.epochFinished({ ...last, epoch: 3 });
    await second.finished({ folder, summary: { ...summary, epochs: 3 } });
    return { ...heard, out };
  }
  const stepsOf = ({ metrics }: StubRun) =>
    metrics.filter(({ key }) => key === "loss/train").map(({ step }) => step);

  test("goes on with its run on the server", async () => {
    const stub = await startMlflowStub();
    const statuses: string[] = [];
    stub.behave = () => {
      for (const { status } of stub.runs.values()) statuses.push(status);
      return "answer";
    };
    const { warnings } = await goOn(stub.url, () => {});
    expect(warnings).toEqual([]);
    expect(stepsOf(stub.run)).toEqual([1, 2, 3]);
    expect(stub.run.status).toBe("FINISHED");
    expect(statuses.slice(statuses.indexOf("FINISHED"))).toContain("RUNNING");
  });

  test("has a new one when that has been deleted", async () => {
    const stub = await startMlflowStub();
    const { warnings } = await goOn(stub.url, () => {
      stub.runs.delete("run1");
      stub.runs.set("run0", { ...emptyRun, status: "someone else's" });
    });
    expect(warnings).toEqual([]);
    expect(stub.runs.get("run0")?.status).toBe("someone else's");
    const mine = stub.runs.get("run2") as StubRun;
    expect(stepsOf(mine)).toEqual([3]);
    expect(mine.params).toMatchObject({ dataset: "sinreg" });
  });

  test.each([
    ["belongs to another server", '{"url":"http://elsewhere","runId":"run1"}'],
    ["is torn", '{"url":'],
  ])("has a new one when its mlflow.json %s", async (_name, text) => {
    const stub = await startMlflowStub();
    await goOn(stub.url, (out) => writeFileSync(join(out, "mlflow.json"), text));
    expect([...stub.runs.values()].map(stepsOf)).toEqual([[1, 2], [3]]);
  });
});

const emptyRun: StubRun = {
  experiment: "1",
  status: "RUNNING",
  startTime: 0,
  params: {},
  tags: {},
  metrics: [],
  artifacts: {},
};
