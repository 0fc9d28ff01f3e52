import { join } from "node:path";

/**
 * In place of node-pre-gyp's function, which tfjs-node asks where its native part is: in a bundle, beside the program.
 */
export const find = (): string => join(__dirname, "tfjs_binding.node");
