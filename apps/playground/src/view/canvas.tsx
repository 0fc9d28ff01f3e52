import { useEffect, useRef } from "preact/hooks";
import { useScheme } from "./use-scheme";

interface CanvasProps {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly class?: string;
  /** Draws it; called anew with what it depends on. */
  readonly draw: (context: CanvasRenderingContext2D, styles: CSSStyleDeclaration) => void;
  readonly on: readonly unknown[];
}

/** How long pictures are drawn in a frame, in milliseconds; those that are left wait for the next. */
const A_FRAME = 5;

/** Pictures that wait to be drawn: all networks are looked at at once, and in one frame they would hold up the next ones. */
const waiting = new Map<HTMLCanvasElement, () => void>();

function drawWaiting(): void {
  const begun = performance.now();
  for (const [element, draw] of waiting) {
    waiting.delete(element);
    draw();
    if (performance.now() - begun > A_FRAME) break;
  }
  if (waiting.size > 0) requestAnimationFrame(drawWaiting);
}

/** Draws a picture in one of the next frames, in place of what was to be drawn there. */
function drawSoon(element: HTMLCanvasElement, draw: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(drawWaiting);
  waiting.set(element, draw);
}

/** A picture drawn from numbers, with words for who does not see it. */
export function Canvas({ label, width, height, draw, on, class: name }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useScheme();
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const context = element.getContext("2d") as CanvasRenderingContext2D;
    drawSoon(element, () => {
      context.clearRect(0, 0, width, height);
      draw(context, getComputedStyle(element));
    });
  }, [scheme, width, height, ...on]);
  return (
    <canvas ref={canvas} class={name} width={width} height={height} role="img" aria-label={label} />
  );
}
