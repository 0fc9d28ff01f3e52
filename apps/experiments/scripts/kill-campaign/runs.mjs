// What is trained: small, but with noise of rules and of dropout, statistics of batch normalisation, memory of
// optimizers, schedules and images that move.

/** The engines; XLA needs its plugin for the processor (`bioflax devices --install xla-cpu`). */
export const engines = ["compiled", "eager", "xla"];

const runs = [
  {
    name: "MNIST, brsf, momentum",
    options:
      "--dataset mnist --mode brsf --momentum 0.9 --hidden-layers 64 --activations relu --batch-size 256 --n 3",
  },
  {
    name: "MNIST, wm, adam, warm-up and cosine",
    options:
      "--dataset mnist --mode wm --optimizer adam --lr 0.001 --schedule cosine --warmup-epochs 0.5 " +
      "--hidden-layers 48 --activations tanh --batch-size 256",
  },
  {
    name: "color-shapes, dfa and bp, rmsprop, augmented",
    options:
      "--dataset color-shapes --augment --layer-modes dfa bp --optimizer rmsprop --lr 0.001 --hidden-layers 32 --activations relu " +
      "--batch-size 16 --train-set-size 150 --n 12",
  },
  {
    name: "teacher, kp, adamw, weight decay",
    options:
      "--dataset teacher --mode kp --optimizer adamw --lr 0.001 --weight-decay 0.001 --seq-len 16 --hidden-layers 100 50 " +
      "--activations tanh tanh --train-set-size 600",
  },
  {
    name: "MNIST, dfa, dropout, Nesterov's momentum",
    options:
      "--dataset mnist --mode dfa --dropout 0.3 --momentum 0.9 --nesterov --hidden-layers 64 48 --activations relu relu " +
      "--batch-size 256 --n 2",
  },
  {
    name: "color-shapes, vggSmall, fa, batch normalisation, adam",
    options:
      "--dataset color-shapes --model vggSmall --mode fa --optimizer adam --lr 0.001 --batch-size 2 --train-set-size 12 " +
      "--test-set-size 2 --n 1",
  },
];

/** Every run in each of some engines. Checkpoints come often, so that kills hit the writing of some, and within epochs too. */
export function campaign(chosen) {
  return chosen.flatMap((engine) =>
    runs.map(({ name, options }) => ({
      name,
      engine,
      options: [
        ...options.split(" "),
        "--engine",
        engine,
        "--epochs",
        "4",
        "--checkpoint-seconds",
        "0.1",
      ],
    })),
  );
}
