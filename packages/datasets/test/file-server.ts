import { createHash } from "node:crypto";
import { once } from "node:events";
import { statSync, utimesSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "@jest/globals";
import type { PublishedFile } from "../src/files/download";

/** What a server does with a request; `from` is where the range asked for starts, 0 without one. */
export type Answer = (
  response: ServerResponse,
  request: { from: number; number: number; path: string },
) => void;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

/** An HTTP server on this machine, closed after the test. */
export async function serve(answer: Answer) {
  const requests: { path: string; range: string | undefined }[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? "";
    const { range } = request.headers;
    requests.push({ path, range });
    answer(response, {
      from: Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0),
      number: requests.length,
      path,
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/**
 * Answers with a file's bytes from where they were asked for, as a server with ranges does.
 *
 * @param cut after how many bytes to break the connection, once a file has received them.
 */
export function sendRange(
  response: ServerResponse,
  bytes: Uint8Array,
  from: number,
  cut?: { readonly after: number; readonly file: string },
): void {
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": bytes.length - from,
    ...(from > 0 && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  if (cut === undefined) {
    response.end(bytes.subarray(from));
    return;
  }
  const until = from + cut.after;
  const present = () => statSync(cut.file, { throwIfNoEntry: false });
  // What lies there of an earlier try has not been received in this one.
  if (present()) utimesSync(cut.file, 0, 0);
  response.write(bytes.subarray(from, until));
  const looking = setInterval(() => {
    const file = present();
    if (file === undefined || file.size < until || file.mtimeMs === 0) return;
    clearInterval(looking);
    response.destroy();
  }, 10);
}

/** What a file of these bytes is published as. */
export function published(name: string, bytes: Uint8Array): PublishedFile {
  return { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
