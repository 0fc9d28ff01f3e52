import { toModel } from "../packages/compiler/src/graph/model";
import { Scope } from "../packages/compiler/src/graph/scope";
import type { Value } from "../packages/compiler/src/graph/value";
import { hostTensor } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";

type Body = (s: Scope, c: Value, outer: Record<string, Value>) => Value;
const N = 2000;
async function time(name: string, shape: number[], extra: Record<string, number[]>, body: Body) {
  const scope = new Scope();
  const it = scope.input("it", [], "int64");
  const x = scope.input("x", shape);
  const outer = Object.fromEntries(Object.entries(extra).map(([k, v]) => [k, scope.input(k, v)]));
  const { final } = scope.loop(it, [x], (inner, _i, [c]) => ({
    next: [body(inner, c!, outer)],
    kept: [],
  }));
  const session = await createSession(toModel(scope, final), { threads: 1 });
  const size = (s: number[]) => s.reduce((a, b) => a * b, 1);
  const feed = async () => ({
    it: await hostTensor({ type: "int64", data: BigInt64Array.of(BigInt(N)), shape: [] }),
    x: await hostTensor({
      type: "float32",
      data: new Float32Array(size(shape)).fill(0.001),
      shape,
    }),
    ...Object.fromEntries(
      await Promise.all(
        Object.entries(extra).map(async ([k, v]) => [
          k,
          await hostTensor({
            type: "float32",
            data: new Float32Array(size(v)).fill(0.001),
            shape: v,
          }),
        ]),
      ),
    ),
  });
  const times: number[] = [];
  for (let r = 0; r < 6; r++) {
    const f = await feed();
    const c = process.cpuUsage();
    await session.run(f);
    const u = process.cpuUsage(c);
    times.push((u.user + u.system) / N);
  }
  console.log(name.padEnd(40), Math.min(...times).toFixed(2), "µs");
}
const f = (shape: number[]) => ({ shape, type: "float32" as const });
for (const S of [5, 10]) {
  const a = [S, 100, 32],
    b = [S, 32, 100];
  await time(`${S} neg`, a, {}, (s, c) => s.node("Neg", [c], f(a)));
  await time(`${S} add same`, a, { y: a }, (s, c, { y }) => s.node("Add", [c, y], f(a)));
  await time(`${S} add [S,100,32]+[S,100,1]`, a, { y: [S, 100, 1] }, (s, c, { y }) =>
    s.node("Add", [c, y], f(a)),
  );
  await time(`${S} add [S,32,100]+[S,1,100]`, b, { y: [S, 1, 100] }, (s, c, { y }) =>
    s.node("Add", [c, y], f(b)),
  );
  await time(`${S} tanh`, a, {}, (s, c) => s.node("Tanh", [c], f(a)));
  await time(
    `${S} sum to [S,100,1] then add: ones[1,32]T`,
    [S, 100, 1],
    { y: a, o: [1, 32] },
    (s, c, { y, o }) =>
      s.node("com.microsoft:FusedMatMul", [s.node("Add", [y, c], f(a)), o], f([S, 100, 1]), {
        transB: { int: 1 },
        transA: { int: 0 },
      }),
  );
  await time(
    `${S} sum to [S,100,1] then add: ones[32,1]`,
    [S, 100, 1],
    { y: a, o: [32, 1] },
    (s, c, { y, o }) =>
      s.node("com.microsoft:FusedMatMul", [s.node("Add", [y, c], f(a)), o], f([S, 100, 1]), {
        transB: { int: 0 },
        transA: { int: 0 },
      }),
  );
  await time(
    `${S} sum to [S,1,100] then add: ones[1,32]·`,
    [S, 1, 100],
    { y: b, o: [1, 32] },
    (s, c, { y, o }) =>
      s.node("com.microsoft:FusedMatMul", [o, s.node("Add", [y, c], f(b))], f([S, 1, 100]), {
        transB: { int: 0 },
        transA: { int: 0 },
      }),
  );
  await time(`${S} ReduceSum [S,100,32]→[S,100,1]`, [S, 100, 1], { y: a }, (s, c, { y }) =>
    s.node(
      "ReduceSum",
      [s.node("Add", [y, c], f(a)), s.constant([2], [1], "int64")],
      f([S, 100, 1]),
      { keepdims: { int: 1 } },
    ),
  );
  await time(`${S} ReduceSum [S,32,100]→[S,1,100]`, [S, 1, 100], { y: b }, (s, c, { y }) =>
    s.node(
      "ReduceSum",
      [s.node("Add", [y, c], f(b)), s.constant([1], [1], "int64")],
      f([S, 1, 100]),
      { keepdims: { int: 1 } },
    ),
  );
  await time(`${S} (1-h²)δ`, a, { h: a }, (s, c, { h }) =>
    s.node(
      "Mul",
      [c, s.node("Sub", [s.constant([1], []), s.node("Mul", [h, h], f(a))], f(a))],
      f(a),
    ),
  );
  await time(`${S} reshape×2`, a, {}, (s, c) =>
    s.node(
      "Reshape",
      [
        s.node("Reshape", [c, s.constant([S * 100, 32], [2], "int64")], f([S * 100, 32])),
        s.constant(a, [3], "int64"),
      ],
      f(a),
    ),
  );
  // update
  await time(
    `${S} update fused+add 100x50`,
    [S, 100, 50],
    { z: [S, 100, 32], d: [S, 50, 32] },
    (s, c, { z: xx, d }) =>
      s.node(
        "Add",
        [
          c,
          s.node("com.microsoft:FusedMatMul", [xx, d], f([S, 100, 50]), {
            transB: { int: 1 },
            transA: { int: 0 },
            alpha: { float: -0.01 },
          }),
        ],
        f([S, 100, 50]),
      ),
  );
}
