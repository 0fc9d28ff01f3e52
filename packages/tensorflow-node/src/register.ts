// `import "@bioflax/tensorflow-node/register"` before `@tensorflow/tfjs-node`, or `node --import` of it: the package
// works on Node 23 and newer.
import { supplyUtilFunctions } from "./util-functions";

supplyUtilFunctions();
