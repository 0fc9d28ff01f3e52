import { type Layer, type Shape, sameShape } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

/** Stands for an extent that is not known till the layer is used: no window is larger. */
const ANY = 1 << 16;

/** A shape with some extent in the place of each that is not known. */
const filled = (shape: tf.Shape, extent: number): Shape => shape.map((known) => known ?? extent);

/** The maths of a layer whose input may have extents that are not known till it is used. */
export class DynamicDefinition<Definition extends Layer> {
  readonly #create: (example: Shape) => Definition;
  readonly #made = new Map<string, Definition>();
  /** The maths for an example with any extents where they are not known. */
  readonly any: Definition;
  /** Whether some are not known. */
  readonly isDynamic: boolean;

  /**
   * @param example the shape of an example, null where an extent is not known.
   * @param create the maths for a shape.
   */
  constructor(example: tf.Shape, create: (example: Shape) => Definition) {
    this.#create = create;
    this.isDynamic = example.some((extent) => extent == null);
    this.any = create(filled(example, ANY));
  }

  /** The maths for examples of a shape. */
  of(example: Shape): Definition {
    if (!this.isDynamic) return this.any;
    const key = example.join();
    const made = this.#made.get(key) ?? this.#create(example);
    this.#made.set(key, made);
    return made;
  }

  /** Whether something's shapes are the same whatever the extents that are not known. */
  isSettled(example: tf.Shape, shapesOf: (layer: Definition) => readonly Shape[]): boolean {
    if (!this.isDynamic) return true;
    const others = shapesOf(this.#create(filled(example, ANY - 1)));
    return shapesOf(this.any).every((shape, i) => sameShape(shape, others[i] as Shape));
  }

  /** The shape of an example that comes out, null where the extent that it depends on is not known. */
  outputShape(example: tf.Shape): tf.Shape {
    if (example.every((extent) => extent != null))
      return [...this.of(example as Shape).outputShape];
    const shapes = [ANY, ANY - 1].map((any) => this.#create(filled(example, any)).outputShape);
    const [known, other] = shapes as [Shape, Shape];
    // Axes that stay come from those in the same place, and those of other ranks from where they vary with what they are of.
    return known.map((extent, axis) => {
      const isOpen =
        known.length === example.length ? example[axis] == null : extent !== other[axis];
      return isOpen ? null : extent;
    });
  }
}
