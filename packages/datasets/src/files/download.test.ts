import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { BioflaxError, Random } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { published, sendRange, serve } from "../../test/file-server";
import { runDownload } from "../../test/processes";
import { scratchFolder } from "../../test/scratch";
import { download } from "./download";
import type { DownloadProgress } from "./download-options";

const scratch = scratchFolder();
const random = new Random(0, "download.test");
const bytes = Uint8Array.from({ length: 300_000 }, () => random.below(256));
const file = published("data.bin", bytes);

/** The folder's files, by name, but for locks and their like. */
const files = () => readdirSync(scratch());

/** Where a connection breaks: after so many bytes have arrived in the unfinished file. */
const cut = (after: number, name = "data.bin") => ({
  after,
  file: join(scratch(), `${name}.part`),
});

/** The error of a download that must fail. */
const failure = (baseUrl: string) =>
  download(file, baseUrl, scratch()).then(
    () => {
      throw new Error("Nothing was wrong.");
    },
    (error: Error) => error,
  );

describe("a download", () => {
  test("gives the file its name and leaves nothing else", async () => {
    const { baseUrl, requests } = await serve((response) => sendRange(response, bytes, 0));
    const progress: DownloadProgress[] = [];
    const path = await download(file, baseUrl, join(scratch(), "new", "folder"), {
      onDownload: (now) => progress.push(now),
    });
    expect(path).toBe(join(scratch(), "new", "folder", "data.bin"));
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(join(scratch(), "new", "folder"))).toEqual(["data.bin"]);
    expect(requests).toEqual([{ path: "/data.bin", range: undefined }]);
    expect(progress.at(-1)).toEqual({ name: "data.bin", received: 300_000, total: 300_000 });
    const received = progress.map((now) => now.received);
    expect(received).toEqual(received.slice().sort((a, b) => a - b));
  });

  test("of a file that is there asks nobody", async () => {
    const { baseUrl, requests } = await serve((response) => response.end());
    writeFileSync(join(scratch(), "data.bin"), "whatever");
    await download(file, baseUrl, scratch());
    expect(requests).toEqual([]);
    expect(readFileSync(join(scratch(), "data.bin"), "utf8")).toBe("whatever");
  });

  test("follows to where the file has moved", async () => {
    const { baseUrl } = await serve((response, { path }) => {
      if (path === "/data.bin") response.writeHead(302, { location: "/elsewhere" }).end();
      else sendRange(response, bytes, 0);
    });
    await download(file, baseUrl, scratch());
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
  });
});

describe("a connection that breaks", () => {
  test("is taken up where it broke, as often as that happens", async () => {
    const { baseUrl, requests } = await serve((response, { from, number }) =>
      sendRange(response, bytes, from, number < 4 ? cut(50_000) : undefined),
    );
    await download(file, baseUrl, scratch());
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
    expect(requests.map(({ range }) => range)).toEqual([
      undefined,
      "bytes=50000-",
      "bytes=100000-",
      "bytes=150000-",
    ]);
  });

  test("starts again where the server knows no ranges, and gives up when that gets no further", async () => {
    let cuts = 1;
    const { baseUrl, requests } = await serve((response, { number, path }) =>
      sendRange(response, bytes, 0, number <= cuts ? cut(50_000, path.slice(1)) : undefined),
    );
    await download(file, baseUrl, scratch());
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
    expect(requests).toHaveLength(2);

    cuts = Number.POSITIVE_INFINITY;
    const other = published("other.bin", bytes);
    await expect(download(other, baseUrl, scratch())).rejects.toThrow(
      `${baseUrl}other.bin: expected to receive 300000 bytes, but other side closed after 50000 of them.`,
    );
    expect(requests).toHaveLength(4);
    expect(files().sort()).toEqual(["data.bin", "other.bin.part"]);
  });

  test("leaves what came for the next download, which gets the rest", async () => {
    let up = true;
    const { baseUrl, requests } = await serve((response, { from }) => {
      if (up) sendRange(response, bytes, from, cut(100_000));
      else response.destroy();
      up = false;
    });
    expect(await failure(baseUrl)).toBeInstanceOf(BioflaxError);
    expect(files()).toEqual(["data.bin.part"]);
    const again = await serve((response, { from }) => sendRange(response, bytes, from));
    await download(file, again.baseUrl, scratch());
    expect(again.requests).toEqual([{ path: "/data.bin", range: "bytes=100000-" }]);
    expect(requests).toHaveLength(2);
    expect(files()).toEqual(["data.bin"]);
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
  });

  test("just before the file gets its name costs no second transfer", async () => {
    const { baseUrl, requests } = await serve((response) => response.end());
    writeFileSync(join(scratch(), "data.bin.part"), bytes);
    await download(file, baseUrl, scratch());
    expect(requests).toEqual([]);
    expect(files()).toEqual(["data.bin"]);
  });
});

describe("what is not the published file never gets its name", () => {
  test("other bytes", async () => {
    const other = bytes.slice();
    other[12345]! ^= 1;
    const { baseUrl, requests } = await serve((response) => sendRange(response, other, 0));
    expect(await failure(baseUrl)).toMatchObject({
      name: "BioflaxError",
      message: `${baseUrl}data.bin: expected the published file with SHA-256 ${file.sha256}, received ${published("", other).sha256}.`,
    });
    expect(requests).toHaveLength(1);
    expect(files()).toEqual([]);
  });

  test.each([
    ["damaged remains", new Uint8Array(100_000)],
    ["remains that are too long", new Uint8Array(400_000)],
  ])("%s of an earlier download are thrown away", async (_, remains) => {
    const { baseUrl, requests } = await serve((response, { from }) =>
      sendRange(response, bytes, from),
    );
    writeFileSync(join(scratch(), "data.bin.part"), remains);
    await download(file, baseUrl, scratch());
    expect(requests.at(-1)?.range).toBeUndefined();
    expect(files()).toEqual(["data.bin"]);
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
  });

  test.each<[string, Parameters<typeof serve>[0], string]>([
    ["no such file", (response) => response.writeHead(404).end("none"), "the status 404"],
    ["a server in trouble", (response) => response.writeHead(503).end(), "the status 503"],
    [
      "a web page",
      (response) => response.writeHead(200, { "content-length": 5 }).end("<html"),
      "one of 5",
    ],
  ])("%s", async (_, answer, received) => {
    const { baseUrl, requests } = await serve(answer);
    expect(await failure(baseUrl)).toMatchObject({
      name: "BioflaxError",
      message: `${baseUrl}data.bin: expected a file of 300000 bytes, received ${received}.`,
    });
    expect(requests).toHaveLength(1);
    expect(files()).toEqual([]);
  });

  test.each([
    ["bytes 0-299999/300000", "the range bytes 0-299999/300000"],
    ["bytes 1000-4999/5000", "one of 5000"],
  ])("the range %s of another file", async (range, received) => {
    const { baseUrl } = await serve((response) =>
      response.writeHead(206, { "content-range": range }).end("x"),
    );
    writeFileSync(join(scratch(), "data.bin.part"), new Uint8Array(1000));
    expect((await failure(baseUrl)).message).toMatch(`received ${received}.`);
    expect(files()).toEqual(["data.bin.part"]);
  });
});

test("a server that is not there is named, with the reason", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const url = `http://127.0.0.1:${port}/`;
  expect((await failure(url)).message).toBe(
    `${url}data.bin: expected to receive 300000 bytes, but connect ECONNREFUSED 127.0.0.1:${port} after 0 of them.`,
  );
});

test("a folder that cannot be written is named", async () => {
  const { baseUrl } = await serve((response) => sendRange(response, bytes, 0));
  writeFileSync(join(scratch(), "occupied"), "");
  await expect(download(file, baseUrl, join(scratch(), "occupied", "folder"))).rejects.toThrow(
    /occupied.folder: expected to be able to write it, but ENOTDIR/,
  );
  mkdirSync(join(scratch(), "data.bin.part"));
  await expect(download(file, baseUrl, scratch())).rejects.toThrow(
    /data\.bin\.part: expected to be able to write it, but EISDIR/,
  );
});

test("a signal stops it with its reason, and the next one goes on", async () => {
  const stop = new AbortController();
  const { baseUrl } = await serve((response, { from, number }) => {
    if (number > 1) return sendRange(response, bytes, from);
    response.writeHead(200, { "content-length": bytes.length });
    return response.write(bytes.subarray(0, 100_000));
  });
  const reason = new Error("enough");
  const stopped = download(file, baseUrl, scratch(), {
    signal: stop.signal,
    onDownload: ({ received }) => {
      if (received === 100_000) stop.abort(reason);
    },
  });
  await expect(stopped).rejects.toBe(reason);
  expect(files()).toEqual(["data.bin.part"]);
  await download(file, baseUrl, scratch());
  expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
});

describe("several who want one file", () => {
  test("in a process transfer it once", async () => {
    const { baseUrl, requests } = await serve((response) => {
      setTimeout(() => sendRange(response, bytes, 0), 300);
    });
    const waited: number[] = [];
    const onDownload = ({ received }: DownloadProgress) => waited.push(received);
    await Promise.all([1, 2, 3].map(() => download(file, baseUrl, scratch(), { onDownload })));
    expect(requests).toHaveLength(1);
    // Those who wait are told how far the file is.
    expect(waited).toContain(0);
    expect(files()).toEqual(["data.bin"]);
  });

  test("in processes of their own transfer it once", async () => {
    const { baseUrl, requests } = await serve((response) => {
      setTimeout(() => sendRange(response, bytes, 0), 500);
    });
    const exits = [1, 2].map(() => once(runDownload(file, baseUrl, scratch()), "exit"));
    expect(await Promise.all(exits)).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(requests).toHaveLength(1);
    expect(files()).toEqual(["data.bin"]);
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
  });

  test("go on where one that was killed stopped, without waiting for it", async () => {
    const { baseUrl, requests } = await serve((response, { from, number }) => {
      if (number > 1) return sendRange(response, bytes, from);
      response.writeHead(200, { "content-length": bytes.length });
      return response.write(bytes.subarray(0, 100_000));
    });
    const child = runDownload(file, baseUrl, scratch());
    const part = join(scratch(), "data.bin.part");
    while (!existsSync(part) || readFileSync(part).length < 100_000) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(files().sort()).toEqual(["data.bin.lock", "data.bin.part"]);
    await download(file, baseUrl, scratch());
    expect(requests.map(({ range }) => range)).toEqual([undefined, "bytes=100000-"]);
    expect(files()).toEqual(["data.bin"]);
    expect(readFileSync(join(scratch(), "data.bin")).equals(bytes)).toBe(true);
  });
});
