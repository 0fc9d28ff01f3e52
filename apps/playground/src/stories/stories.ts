import type { Settings } from "../settings/settings";
import type { Check, Story, StoryStep } from "./story";

/** The angle between what carries errors to the layer below a layer, or to it, and the weights it stands for. */
const weightAngle = (rule: string, layer: number) => ({
  rule,
  of: { angle: "weights", layer } as const,
});

/** How much of the test set is told right. */
const reads = (rule: string, words: string, range: Pick<Check, "above" | "below">): Check => ({
  ...{ words, rule, of: "test" },
  ...range,
});

const deep = { hidden: [16, 16, 16, 16] } as const;

/** Steps that go on with one run. */
const goingOn = (
  settings: Partial<Settings>,
  steps: readonly Omit<StoryStep, "settings">[],
): StoryStep[] => steps.map((step) => ({ ...step, settings }));

const why: Story = {
  name: "why",
  title: "Why can random feedback teach?",
  steps: goingOn({ rules: ["bp", "fa"] }, [
    {
      text:
        "Backpropagation (bp) sends errors back through W, the weights that carry values forward. No brain is known to have such a copy. Feedback alignment (fa) sends " +
        "them through B, fixed random numbers. After one epoch neither has learnt much, and at layer 2 B stands at about a right angle to W: what it tells the layer below is noise.",
      show: ["answers", "angles", "weights"],
      epochs: 1,
      checks: [
        { words: "B of layer 2 is about square to W", ...weightAngle("fa", 2), above: 75 },
        reads("bp", "Backpropagation has learnt little yet", { below: 0.75 }),
        reads("fa", "So has feedback alignment", { below: 0.75 }),
      ],
    },
    {
      text:
        "Now let it run. B stays as it is; look at W. What layer 2 learns is made of errors that came through B of layer 3, so its outputs carry B, and what layer 3 " +
        "then learns from these outputs brings its W towards B. The angle of layer 3 falls, and with it the errors that layer 2 hears become true.",
      show: ["answers", "angles", "weights"],
      epochs: 60,
      checks: [
        { words: "W of layer 3 has turned towards B", ...weightAngle("fa", 3), below: 50 },
        reads("fa", "Feedback alignment tells the arms apart", { above: 0.93 }),
        reads("bp", "As backpropagation does", { above: 0.93 }),
      ],
    },
    {
      text:
        "What has to agree is not the weights but the error signals. Those that arrive at layer 2 are now well within a right angle of the ones that backpropagation would " +
        "have sent, and a step within a right angle still goes downhill. Layer 1 hears less: its B is still nearly square to W.",
      show: ["angles", "way"],
      angle: "signal",
      epochs: 100,
      checks: [
        {
          ...{ words: "Layer 2's error signal points the right way", rule: "fa" },
          of: { angle: "signal", layer: 2 },
          below: 65,
        },
        { words: "B of layer 2 has hardly been met", ...weightAngle("fa", 2), above: 70 },
      ],
    },
  ]),
};

const meeting: Story = {
  name: "kolen-pollack",
  title: "Kolen-Pollack: B meets W",
  steps: [
    ...goingOn({ rules: ["fa", "kp"], weightDecay: 0.001 }, [
      {
        text:
          "Kolen-Pollack (kp) lets B learn, too, and gives it the very update that W gets, which both ends of a connection can know. Every weight decays a little: 0.001 of it goes at each step. " +
          "What W and B have in common grows, and their difference W − B, which no update touches, fades.",
        show: ["angles", "weights"],
        epochs: 10,
        checks: [
          { words: "kp's B of layer 2 is on its way", ...weightAngle("kp", 2), below: 60 },
          { words: "fa's is still square to W", ...weightAngle("fa", 2), above: 70 },
        ],
      },
      {
        text: "Go on. After n steps 0.999ⁿ of the difference is left, whatever was learnt meanwhile. B becomes W, and errors travel as under backpropagation, though no weight was ever copied.",
        show: ["answers", "angles", "weights"],
        epochs: 60,
        checks: [
          { words: "B of layer 2 has met W", ...weightAngle("kp", 2), below: 10 },
          { words: "So has B of layer 3", ...weightAngle("kp", 3), below: 10 },
          reads("kp", "Kolen-Pollack tells the arms apart", { above: 0.93 }),
          reads("fa", "Feedback alignment, with as much decay, is behind", { below: 0.92 }),
        ],
      },
    ]),
    {
      text: "Without decay nothing fades. W and B still grow by the same updates, so that the angle falls for a while, but the difference they started with stays. It is enough here; it is not backpropagation.",
      settings: { rules: ["kp"], weightDecay: 0 },
      show: ["answers", "angles", "weights"],
      epochs: 60,
      checks: [
        { words: "B of layer 2 has come nearer", ...weightAngle("kp", 2), below: 60 },
        { words: "But does not meet W", ...weightAngle("kp", 2), above: 15 },
        reads("kp", "It tells the arms apart all the same", { above: 0.93 }),
      ],
    },
  ],
};

const signs: Story = {
  name: "signs",
  title: "Signs are nearly enough",
  steps: [
    ...goingOn({ rules: ["bp", "usf", "frsf", "brsf"], learningRate: 0.2 }, [
      {
        text:
          "How much of W does feedback need? Here it has W's signs alone: all of one size (usf), of fixed random sizes (frsf), or of new random sizes at each step (brsf). " +
          "Signs of random numbers are already some 37° from them, and not 90°.",
        show: ["answers", "angles"],
        epochs: 1,
        checks: [
          { words: "usf is within 45° of W from the start", ...weightAngle("usf", 2), below: 45 },
          { words: "It is not W, either", ...weightAngle("usf", 2), above: 20 },
        ],
      },
      {
        text: "That is enough. All four learn, and at much the same pace; the angles stay where they are, since signs are all that is ever taken over.",
        show: ["answers", "angles"],
        epochs: 60,
        checks: [
          reads("usf", "One size for all learns", { above: 0.92 }),
          reads("frsf", "Fixed random sizes learn", { above: 0.92 }),
          reads("brsf", "New sizes at each step learn", { above: 0.92 }),
          { words: "The angle is what it was", ...weightAngle("usf", 2), above: 25, below: 50 },
        ],
      },
    ]),
    {
      text: "What it is worth shows in deeper networks. With four hidden layers and five epochs, feedback that has the signs is well ahead of feedback that has to be met first.",
      settings: { rules: ["fa", "usf"], ...deep },
      show: ["answers", "angles"],
      epochs: 5,
      checks: [
        reads("usf", "With W's signs", { above: 0.85 }),
        reads("fa", "With random feedback", { below: 0.85 }),
      ],
    },
  ],
};

const straight: Story = {
  name: "direct",
  title: "Straight from the output",
  steps: [
    ...goingOn({ rules: ["fa", "dfa"], ...deep }, [
      {
        text:
          "Four hidden layers. Under feedback alignment an error goes down layer by layer; under direct feedback alignment (dfa) the output's error goes to each layer at once, " +
          "through a random B of its own. Run an epoch, then follow a batch to see both.",
        show: ["answers", "way"],
        epochs: 1,
        checks: [
          reads("fa", "Layer by layer, little is learnt yet", { below: 0.75 }),
          reads("dfa", "Nor straight from the output", { below: 0.75 }),
        ],
      },
      {
        text: "Both get there. B of a layer stands for the product of all W above it, and the angle to that falls first and furthest where only one W is above: in layer 4.",
        show: ["answers", "angles"],
        epochs: 150,
        checks: [
          reads("dfa", "Direct feedback tells the arms apart", { above: 0.93 }),
          { words: "Layer 4 has aligned", ...weightAngle("dfa", 4), below: 55 },
          { words: "Layer 1 much less", ...weightAngle("dfa", 1), above: 60 },
        ],
      },
    ]),
    {
      text: "Direct random target projection (drtp) sends no error at all, but the target itself: a layer can learn before the output is known. On five blobs that is enough.",
      settings: { rules: ["dfa", "drtp"], data: "blobs", classes: 5, learningRate: 0.1 },
      show: ["answers", "way"],
      epochs: 10,
      checks: [
        reads("drtp", "Targets alone tell the blobs apart", { above: 0.9 }),
        reads("dfa", "As errors do", { above: 0.9 }),
      ],
    },
  ],
};

const convolutions: Story = {
  name: "convolutions",
  title: "Where it fails: convolutions",
  steps: [
    {
      text: "Handwritten digits, and a dense layer of 100 units: random feedback keeps up, layer by layer and straight from the output.",
      settings: { rules: ["bp", "fa", "dfa"], data: "digits", hidden: [100], learningRate: 0.05 },
      show: ["answers", "angles"],
      epochs: 10,
      checks: [
        reads("bp", "Backpropagation reads the digits", { above: 0.86 }),
        reads("fa", "So does feedback alignment", { above: 0.84 }),
        reads("dfa", "And direct feedback alignment", { above: 0.84 }),
      ],
    },
    {
      text:
        "The same digits, and LeNet-5: three convolutions below two dense layers, by Adam. A filter is used at hundreds of places, so W has few numbers to turn with and B many errors to carry: " +
        "the angles stay near 90°, and what reaches the filters is noise. Feedback with W's signs (usf) does not have to be met, and keeps up. It takes about a minute.",
      settings: {
        rules: ["bp", "fa", "dfa", "usf"],
        ...{ data: "digits", model: "lenet5", optimizer: "adam", learningRate: 0.002 },
      },
      show: ["answers", "angles"],
      epochs: 3,
      checks: [
        reads("bp", "Backpropagation reads the digits", { above: 0.8 }),
        reads("usf", "So does feedback with W's signs", { above: 0.8 }),
        reads("fa", "Feedback alignment is far behind", { below: 0.65 }),
        reads("dfa", "Direct feedback alignment, too", { below: 0.65 }),
        { words: "Random feedback has not been met", ...weightAngle("fa", 3), above: 80 },
      ],
    },
  ],
};

/** The guided stories, in the order they are best read in. */
export const stories: readonly Story[] = [why, meeting, signs, straight, convolutions];
