import { expect, test } from "@jest/globals";
import { ThreadCount } from "./thread-count";

/** A machine on which calls of a quarter of a second are made, one after another. */
class Calls {
  #at = 0;
  readonly threads: number[] = [];

  constructor(readonly count: ThreadCount) {}

  /** @param others processors that others use. @param perStep milliseconds of a step, by the number of threads. */
  make(calls: number, others: number, perStep: (threads: number) => number, milliseconds = 250) {
    for (let i = 0; i < calls; i++) {
      const { next } = this.count;
      const before = { at: this.#at, all: this.#at * 10, own: 0 };
      this.#at += milliseconds;
      const own = next * milliseconds;
      const all = before.all + own + others * milliseconds;
      this.threads.push(next);
      this.count.ran(next, milliseconds / perStep(next), before, { at: this.#at, all, own });
    }
    return this.threads.splice(0);
  }
}

const calls = (most = 2) => new Calls(new ThreadCount(most));
const fewerIsFaster = (threads: number) => threads;
const moreIsFaster = (threads: number) => 1 / threads;

test("all threads while nobody else computes", () => {
  expect(calls().make(100, 0.4, fewerIsFaster)).toEqual(Array(100).fill(2));
});

test("beside others, numbers of threads take turns, and the faster is kept", () => {
  expect(calls().make(10, 1.2, fewerIsFaster)).toEqual([2, 1, 2, 1, 2, 1, 1, 1, 1, 1]);
  expect(calls().make(10, 1.2, moreIsFaster)).toEqual([2, 1, 2, 1, 2, 2, 2, 2, 2, 2]);
});

test("as many fewer as the others use, one at least", () => {
  expect(calls(8).make(6, 2.9, fewerIsFaster)).toEqual([8, 5, 8, 5, 8, 5]);
  expect(calls(8).make(6, 20, fewerIsFaster)).toEqual([8, 1, 8, 1, 8, 1]);
});

test("tried again after ten seconds", () => {
  const machine = calls();
  expect(machine.make(45, 1, fewerIsFaster).slice(5)).toEqual(Array(40).fill(1));
  expect(machine.make(6, 1, moreIsFaster)).toEqual([1, 2, 1, 2, 2, 2]);
});

test("all again when the others have gone, and what was found where they come back", () => {
  const machine = calls();
  machine.make(6, 1, fewerIsFaster);
  expect(machine.make(3, 0, moreIsFaster)).toEqual([1, 2, 2]);
  expect(machine.make(3, 1, fewerIsFaster)).toEqual([2, 1, 1]);
});

test("nothing is concluded from a call too short to see others in", () => {
  expect(calls().make(10, 2, fewerIsFaster, 99)).toEqual(Array(10).fill(2));
});
