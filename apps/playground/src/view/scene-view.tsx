import type { NetworkView, Scene } from "../training/protocol";
import { Canvas } from "./canvas";
import { Chart } from "./chart";
import { type Color, classColors, mix, paint, variable } from "./colors";

/** Pixels of a place on the map. */
const PLACE = 4;

const css = (color: Color) => `rgb(${color.join(" ")})`;

interface SceneViewProps<Kind extends Scene["kind"]> {
  readonly rule: string;
  readonly scene: Scene & { readonly kind: Kind };
  readonly view: NetworkView;
}

/** Which class the network tells where, the surer the stronger, with the test examples. */
function Plane({ rule, scene, view }: SceneViewProps<"plane">) {
  const { size, extent, points, labels } = scene;
  const width = size * PLACE;
  return (
    <Canvas
      class="plane"
      label={`What ${rule} answers in the plane: a colour a class, with ${labels.length} test examples`}
      width={width}
      height={width}
      on={[scene, view.regions]}
      draw={(context, styles) => {
        const none = variable(styles, "--none");
        const { classes, sureness } = view.regions ?? {};
        const colorAt = (place: number) =>
          mix(
            none,
            classColors[classes?.[place] ?? 0] as Color,
            0.1 + 0.5 * (sureness?.[place] ?? 0),
          );
        paint(context, size, size, colorAt, PLACE);
        const at = (value: number) => (width * (value / extent + 1)) / 2;
        labels.forEach((label, i) => {
          context.beginPath();
          context.arc(at(points[2 * i] as number), at(-(points[2 * i + 1] as number)), 2.5, 0, 7);
          context.fillStyle = css(classColors[label] as Color);
          context.fill();
          context.strokeStyle = css(none);
          context.lineWidth = 0.8;
          context.stroke();
        });
      }}
    />
  );
}

/** The curve to be learnt, and the network's. */
function Line({ rule, scene, view }: SceneViewProps<"line">) {
  return (
    <Chart
      title={`What ${rule} answers`}
      axis="input, dashed what is right"
      height={200}
      x={[...scene.inputs]}
      lines={[
        { label: "right", color: "--soft", values: [...scene.targets], dash: [4, 4] },
        { label: rule, color: "--own", values: [...(view.answers ?? [])] },
      ]}
      range={[-1.5, 1.5]}
    />
  );
}

/** Some test images, each with the class that it is told to be. */
function Images({ rule, scene, view }: SceneViewProps<"images">) {
  const { height, width, pixels, labels } = scene;
  const told = view.told ?? new Uint8Array();
  const right = labels.filter((label, i) => told[i] === label).length;
  const across = 6;
  return (
    <figure class="shown-images">
      <div style={{ "--across": across }}>
        {Array.from(labels, (label, i) => (
          <span key={i} class={told[i] === label ? "right" : "wrong"}>
            <Canvas
              label={`A ${label}, read as ${told[i]}`}
              width={width}
              height={height}
              on={[scene]}
              draw={(context, styles) => {
                const [paper, ink] = [variable(styles, "--none"), variable(styles, "--ink")];
                const own = i * width * height;
                paint(context, width, height, (pixel) =>
                  mix(paper, ink, (pixels[own + pixel] as number) / 255),
                );
              }}
            />
            <b aria-hidden="true">{told[i]}</b>
          </span>
        ))}
      </div>
      <figcaption>
        What {rule} reads <span class="axis">{`${right} of ${labels.length} right`}</span>
      </figcaption>
    </figure>
  );
}

/** What a network makes of its input space, all of it or some places. */
export function SceneView({ rule, scene, view }: SceneViewProps<Scene["kind"]>) {
  switch (scene.kind) {
    case "plane":
      return <Plane {...{ rule, scene, view }} />;
    case "line":
      return <Line {...{ rule, scene, view }} />;
    case "images":
      return <Images {...{ rule, scene, view }} />;
  }
}
