import { useRef, useState } from "preact/hooks";
import type { Scene } from "../training/protocol";
import { digitOf } from "./digit-image";
import { lineColor } from "./line-style";
import type { RunControl } from "./use-run";

const SIZE = 224;
const PEN = 20;

interface DigitPadProps {
  readonly rules: readonly string[];
  readonly run: RunControl;
  readonly scene: Scene & { readonly kind: "images" };
}

/** How sure a rule is of each digit. */
function Told({ rule, index, sure }: { rule: string; index: number; sure: Float32Array }) {
  const most = sure.indexOf(Math.max(...sure));
  return (
    <li style={{ "--own": `var(${lineColor(index)})` }}>
      <b>{rule}</b>
      <span class="told">{most}</span>
      <span class="bars" aria-hidden="true">
        {Array.from(sure, (part, digit) => (
          <span key={digit} class="bar">
            <i style={{ height: `${Math.round(100 * part)}%` }} />
            {digit}
          </span>
        ))}
      </span>
      <span class="unseen">
        {rule} reads {most}, {Math.round(100 * (sure[most] as number))} %
      </span>
    </li>
  );
}

/** A place to draw a digit, and what each rule's network makes of it while it learns. */
export function DigitPad({ rules, run, scene }: DigitPadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef<{ x: number; y: number } | undefined>(undefined);
  const [example, setExample] = useState(0);
  const context = () => canvas.current?.getContext("2d") as CanvasRenderingContext2D;

  const at = ({ offsetX, offsetY }: PointerEvent) => {
    const scale = SIZE / (canvas.current?.clientWidth || SIZE);
    return { x: offsetX * scale, y: offsetY * scale };
  };
  const draw = (event: PointerEvent) => {
    if (pen.current === undefined) return;
    const to = at(event);
    const on = context();
    Object.assign(on, { lineWidth: PEN, lineCap: "round", strokeStyle: "#000" });
    on.beginPath();
    on.moveTo(pen.current.x, pen.current.y);
    on.lineTo(to.x, to.y);
    on.stroke();
    pen.current = to;
    run.draw(digitOf(canvas.current as HTMLCanvasElement));
  };
  const clear = () => {
    context().clearRect(0, 0, SIZE, SIZE);
    run.draw(undefined);
  };
  const { width, height, pixels, labels } = scene;
  const takeExample = () => {
    const own = pixels.slice(example * width * height, (example + 1) * width * height);
    const image = new ImageData(width, height);
    own.forEach((pixel, i) => {
      image.data[4 * i + 3] = pixel;
    });
    const small = Object.assign(document.createElement("canvas"), { width, height });
    (small.getContext("2d") as CanvasRenderingContext2D).putImageData(image, 0, 0);
    context().clearRect(0, 0, SIZE, SIZE);
    context().drawImage(small, 0, 0, SIZE, SIZE);
    run.draw(own);
    setExample((example + 1) % labels.length);
  };
  const told = run.views.map(({ drawn }) => drawn);
  return (
    <section class="digit-pad" aria-label="Draw a digit">
      <canvas
        ref={canvas}
        class="pad"
        width={SIZE}
        height={SIZE}
        aria-label="Draw a digit here with a mouse, a pen or a finger"
        role="img"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          pen.current = at(event);
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={() => {
          pen.current = undefined;
        }}
        onPointerCancel={() => {
          pen.current = undefined;
        }}
      />
      <div>
        <h2>Draw a digit</h2>
        <div class="buttons">
          <button type="button" onClick={clear}>
            Clear
          </button>
          <button type="button" onClick={takeExample}>
            Take a test image
          </button>
        </div>
        <ul class="readings" aria-label="What each rule reads">
          {rules.map((rule, index) => {
            const sure = told[index];
            return sure ? (
              <Told key={rule} {...{ rule, index, sure }} />
            ) : (
              <li key={rule} class="none">
                <b>{rule}</b> nothing drawn yet
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
