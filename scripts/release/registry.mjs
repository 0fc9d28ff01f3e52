import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const HOST = "127.0.0.1";

/** A port nobody listens on. */
async function freePort() {
  const server = createTcpServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until somebody listens on a port. */
async function listening(port, server) {
  for (let tries = 0; tries < 600; tries++) {
    if (server.exitCode !== null) throw new Error("The registry ended before it began.");
    const socket = connect(port, HOST);
    const answered = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answered) return;
    await wait(200);
  }
  throw new Error("The registry does not listen.");
}

/**
 * Starts a registry of our own (verdaccio) that has some packages for itself, and passes questions for others on.
 *
 * @param {string} folder where it keeps everything.
 * @param {{ names: readonly string[], uplink: string }} options the packages that are published here, and the registry
 *   that has all others.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startRegistry(folder, { names, uplink }) {
  const port = await freePort();
  const config = join(folder, "verdaccio.json");
  const own = Object.fromEntries(
    names.map((name) => [name, { access: "$all", publish: "$all", unpublish: "$all" }]),
  );
  // YAML is what it reads, and JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      storage: join(folder, "storage"),
      uplinks: { others: { url: uplink, timeout: "120s", maxage: "60m" } },
      packages: { ...own, "**": { access: "$all", proxy: "others" } },
      max_body_size: "100mb",
      web: { enable: false },
      log: { type: "stderr", level: "warn" },
    }),
  );
  const verdaccio = fileURLToPath(import.meta.resolve("verdaccio/bin/verdaccio"));
  const server = spawn(
    process.execPath,
    [verdaccio, "--config", config, "--listen", `${HOST}:${port}`],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  process.on("exit", () => server.kill());
  const said = [];
  server.stderr.on("data", (chunk) => said.push(chunk));
  await listening(port, server).catch((error) => {
    throw new Error(`${error.message}\n${Buffer.concat(said)}`);
  });
  return {
    url: `http://${HOST}:${port}/`,
    async stop() {
      if (server.exitCode !== null) return;
      server.kill();
      await once(server, "exit");
    },
  };
}

/**
 * A proxy that lets nothing through, and notes who was asked for: what `HTTPS_PROXY` sends it is what would have gone
 * to the network.
 *
 * @returns {Promise<{ url: string, asked: string[], stop: () => void }>}
 */
export async function startGuard() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(403).end();
  });
  server.on("connect", (request, socket) => {
    asked.push(request.url);
    socket.on("error", () => {});
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.listen(0, HOST);
  await once(server, "listening");
  return {
    url: `http://${HOST}:${server.address().port}`,
    asked,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
