import type { LayerMatrices, Matrix } from "../training/protocol";
import { Canvas } from "./canvas";
import { mix, paint, variable } from "./colors";

const largestOf = ({ values }: Matrix) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** A matrix as colours: from the largest negative number over 0 to the largest positive one. */
function HeatMap({ name, title, matrix }: { name: string; title: string; matrix: Matrix }) {
  const { rows, columns, values } = matrix;
  const largest = largestOf(matrix);
  return (
    <figure>
      <Canvas
        class="matrix"
        label={`${title}, ${rows} by ${columns}, numbers up to ±${largest.toPrecision(2)}`}
        width={columns}
        height={rows}
        on={[values]}
        draw={(context, styles) => {
          const [none, below, above] = ["--none", "--below", "--above"].map((color) =>
            variable(styles, color),
          );
          if (none === undefined || below === undefined || above === undefined) return;
          paint(context, columns, rows, (pixel) => {
            const part = largest === 0 ? 0 : (values[pixel] as number) / largest;
            return mix(none, part < 0 ? below : above, Math.abs(part));
          });
        }}
      />
      <figcaption>
        {name}{" "}
        <span class="axis">
          {rows} × {columns}, ±{largest.toPrecision(2)}
        </span>
      </figcaption>
    </figure>
  );
}

/** The matrices of all layers: what carries values forward, and what carries errors back. */
export function Matrices({ layers }: { layers: readonly LayerMatrices[] }) {
  return (
    <div class="layers">
      {layers.map(({ kernel, feedback }, index) => (
        <div class="layer" key={index}>
          <h3>Layer {index + 1}</h3>
          <HeatMap name="W" title={`Kernel W of layer ${index + 1}`} matrix={kernel} />
          {feedback && (
            <HeatMap name="B" title={`Feedback B of layer ${index + 1}`} matrix={feedback} />
          )}
        </div>
      ))}
    </div>
  );
}
