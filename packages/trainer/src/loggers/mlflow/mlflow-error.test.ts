import { expect, test } from "@jest/globals";
import { reasonOf } from "./mlflow-error";

/** What `fetch` throws where the network fails. */
const failed = (code: string, message = "") =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });

test.each([
  ["ENOTFOUND", "there is no host of that name", "unknownHost"],
  ["EAI_AGAIN", "getaddrinfo EAI_AGAIN host", "unreachable"],
  ["ECONNREFUSED", "nobody listens there", "unreachable"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate", "untrusted"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number", "foreign"],
])("%s: %s", (code, message, failure) => {
  expect(reasonOf(failed(code, message), 1000)).toMatchObject({ message, failure });
});

test("what has nothing to do with the network is no reason", () => {
  const error = new RangeError("a mistake of ours");
  expect(() => reasonOf(error, 1000)).toThrow(error);
});
