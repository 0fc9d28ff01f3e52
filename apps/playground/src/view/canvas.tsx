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

/** A picture drawn from numbers, with words for who does not see it. */
export function Canvas({ label, width, height, draw, on, class: name }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useScheme();
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const context = element.getContext("2d") as CanvasRenderingContext2D;
    context.clearRect(0, 0, width, height);
    draw(context, getComputedStyle(element));
  }, [scheme, width, height, ...on]);
  return (
    <canvas ref={canvas} class={name} width={width} height={height} role="img" aria-label={label} />
  );
}
