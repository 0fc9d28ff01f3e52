import * as tf from "@tensorflow/tfjs";
import { DirectFeedback } from "./direct/direct-feedback";
import { ErrorSourceLayer } from "./direct/error-source";
import {
  Activation,
  AveragePooling2d,
  BatchNormalization,
  Dropout,
  GlobalMaxPooling2d,
  LayerNormalization,
  MaxPooling2d,
  Prelu,
} from "./kernel-free-layers/layers";
import { DirectConv2d, DirectHidden } from "./kernel-layers/direct-layer";
import { DirectOutput } from "./kernel-layers/direct-output";
import { ModulatedConv2d, ModulatedDense } from "./kernel-layers/modulated-layer";
import { SequentialConv2d, SequentialDense } from "./kernel-layers/sequential-layer";
import {
  OwnDirectLayer,
  OwnKernelFreeLayer,
  OwnModulatedLayer,
  OwnSequentialLayer,
} from "./own-layers/own-layer";
import { BioflaxOptimizer } from "./training/optimizer";

/** All that a saved model may name of bioflax's. */
const classes = [
  SequentialDense,
  SequentialConv2d,
  DirectHidden,
  DirectConv2d,
  DirectOutput,
  ModulatedDense,
  ModulatedConv2d,
  MaxPooling2d,
  AveragePooling2d,
  GlobalMaxPooling2d,
  Dropout,
  Activation,
  Prelu,
  LayerNormalization,
  BatchNormalization,
  OwnKernelFreeLayer,
  OwnSequentialLayer,
  OwnDirectLayer,
  OwnModulatedLayer,
  DirectFeedback,
  ErrorSourceLayer,
  BioflaxOptimizer,
];

/**
 * Has TensorFlow.js know all of bioflax's layers, and its optimizer, so that it loads any model saved with them.
 *
 * Only in pages made by a bundler is there need of it: those are left without what they do not use, and know the layers
 * that they can make. Everywhere else all are known once the package is imported.
 *
 * @example
 * registerClasses();
 * const model = await tf.loadLayersModel("model.json");
 */
export function registerClasses(): void {
  for (const one of classes) tf.serialization.registerClass(one as never);
}
