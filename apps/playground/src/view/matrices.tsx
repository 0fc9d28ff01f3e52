import type { LayerMatrices, Matrix } from "../training/protocol";
import { Canvas } from "./canvas";
import { divergingOf, paint } from "./colors";

/** The largest size of a number. A loop, since a matrix has many numbers and a view many matrices. */
function largestOf({ values }: Matrix): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++)
    largest = Math.max(largest, Math.abs(values[i] as number));
  return largest;
}

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
          const colorOf = divergingOf(styles, largest);
          paint(context, columns, rows, (pixel) => colorOf(values[pixel] as number));
        }}
      />
      <figcaption>
        <b>{name}</b>{" "}
        <span class="axis">
          {rows} × {columns}, ±{largest.toPrecision(2)}
        </span>
      </figcaption>
    </figure>
  );
}

/** W − M, number by number. */
const differenceOf = (kernel: Matrix, carrier: Matrix): Matrix => ({
  ...kernel,
  values: kernel.values.map((value, i) => value - (carrier.values[i] as number)),
});

interface MatricesProps {
  readonly layers: readonly LayerMatrices[];
  /** What the matrix that carries errors is called. */
  readonly carrierName: string;
}

/** The matrices of all layers: what carries values forward, what carries errors back, and their difference. */
export function Matrices({ layers, carrierName }: MatricesProps) {
  return (
    <div class="layers">
      {layers.map(({ kernel, carrier, standsForKernel }, index) => {
        const of = `of layer ${index + 1}`;
        const name = /^\w+$/.test(carrierName) ? carrierName : "M";
        return (
          <div class="layer" key={index}>
            <h3>Layer {index + 1}</h3>
            <HeatMap name="W" title={`Kernel W ${of}`} matrix={kernel} />
            {carrier && (
              <HeatMap name={name} title={`Feedback ${carrierName} ${of}`} matrix={carrier} />
            )}
            {carrier && standsForKernel && (
              <HeatMap
                name={`W − ${name}`}
                title={`Difference of W and ${carrierName} ${of}`}
                matrix={differenceOf(kernel, carrier)}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
