import { startThread } from "../src/runtime/platform/thread";

startThread().then(async (thread) => {
  const array = { type: "float32", dims: [1], data: new Float32Array(1) };
  await thread.ask({ do: "keep", key: 0, array });
  void thread.ask({ do: "keep", key: 1, array });
  // Its answer lies there by the time it is told to end.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  await thread.end();
  console.log("ended");
});
