import type { Matrix, NetworkView, Scene, UnitMaps } from "../training/protocol";
import { Canvas } from "./canvas";
import { divergingOf, paint, variable } from "./colors";

/** Pictures of one size beside each other. */
interface Tiles {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** A number of a tile, by its place in it. */
  readonly at: (tile: number, place: number) => number;
}

/** Draws tiles in rows, each by the largest number in it, with lines between. */
function TileSheet({ label, tiles, on }: { label: string; tiles: Tiles; on: unknown }) {
  const { count, width, height, at } = tiles;
  const across = Math.min(count, 8);
  const down = Math.ceil(count / across);
  const [cellWidth, cellHeight] = [width + 1, height + 1];
  const [sheetWidth, sheetHeight] = [across * cellWidth - 1, down * cellHeight - 1];
  return (
    <Canvas
      class="matrix tiles"
      label={label}
      width={sheetWidth}
      height={sheetHeight}
      on={[on]}
      draw={(context, styles) => {
        const line = variable(styles, "--none");
        const colors = Array.from({ length: count }, (_, tile) => {
          let largest = 0;
          for (let place = 0; place < width * height; place++)
            largest = Math.max(largest, Math.abs(at(tile, place)));
          return divergingOf(styles, largest);
        });
        paint(context, sheetWidth, sheetHeight, (pixel) => {
          const [x, y] = [pixel % sheetWidth, Math.floor(pixel / sheetWidth)];
          const [inX, inY] = [x % cellWidth, y % cellHeight];
          const tile = Math.floor(y / cellHeight) * across + Math.floor(x / cellWidth);
          const colorOf = colors[tile];
          if (colorOf === undefined || inX === width || inY === height) return line;
          return colorOf(at(tile, inY * width + inX));
        });
      }}
    />
  );
}

function PlaneUnits({ layer, maps }: { layer: number; maps: UnitMaps }) {
  const { units, size, values } = maps;
  const at = (unit: number, place: number) => values[unit * size ** 2 + place] as number;
  return (
    <figure>
      <TileSheet
        label={`What each of the ${units} units of layer ${layer} answers in the plane`}
        tiles={{ count: units, width: size, height: size, at }}
        on={values}
      />
      <figcaption>
        Layer {layer} <span class="axis">{units} units, where each is below and above 0</span>
      </figcaption>
    </figure>
  );
}

/** What each unit of the first layer looks at: its weights as an image. */
function ImageUnits({ kernel, size }: { kernel: Matrix; size: readonly [number, number] }) {
  const { rows, columns, values } = kernel;
  const [height, width] = rows === size[0] * size[1] ? size : [Math.sqrt(rows), Math.sqrt(rows)];
  const count = Math.min(columns, 40);
  const at = (unit: number, place: number) => values[place * columns + unit] as number;
  return (
    <figure>
      <TileSheet
        label={`What ${count} units of layer 1 look for in an image`}
        tiles={{ count, width, height, at }}
        on={values}
      />
      <figcaption>
        Layer 1{" "}
        <span class="axis">
          what {count === columns ? "its" : `${count} of its ${columns}`} units look for
        </span>
      </figcaption>
    </figure>
  );
}

/** The hidden units of a network, where they can be pictured. */
export function Units({ scene, view }: { scene: Scene | undefined; view: NetworkView }) {
  const kernel = view.layers?.[0]?.kernel;
  if (scene?.kind === "images" && kernel)
    return <ImageUnits kernel={kernel} size={[scene.height, scene.width]} />;
  if (scene?.kind === "plane" && view.units)
    return (
      <div class="layers">
        {view.units.map((maps, index) => (
          <PlaneUnits key={index} layer={index + 1} maps={maps} />
        ))}
      </div>
    );
  return <p class="none">Hidden units are pictured for data in the plane, and for images.</p>;
}
