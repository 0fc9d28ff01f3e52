import { withLock } from "../src/files/lock";

// Takes a lock, says so, and keeps it: for so many milliseconds without ever coming back to its events, or else until
// it is killed.
const [path, blockedFor] = JSON.parse(process.argv[1] as string) as [string, number | null];
withLock(path, async () => {
  process.stdout.write("locked\n");
  if (blockedFor === null) return new Promise((resolve) => setTimeout(resolve, 60_000));
  return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedFor);
}).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
