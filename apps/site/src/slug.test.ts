import { expect, test } from "@jest/globals";
import { slug } from "./slug";

test.each([
  ["On a machine that others use", "on-a-machine-that-others-use"],
  ["`--engine xla`, and what it takes", "--engine-xla-and-what-it-takes"],
  ["W₁ & B: Kolen-Pollack", "w₁--b-kolen-pollack"],
  ["layers.<index>.kernel", "layersindexkernel"],
])("the anchor of %s is GitHub's", (heading, anchor) => {
  expect(slug(heading)).toBe(anchor);
});
