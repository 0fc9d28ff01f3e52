import type { RuleName } from "@bioflax/core";

/** What there is to see of each rule that comes with bioflax. */
export const watchFor: { readonly [R in RuleName]: string } = {
  bp: "The measure of the others: what they are compared with, its angles are all 0°.",
  fa: "B never changes. W turns towards it, so that the angle between them falls, and the errors come to point the right way.",
  kp: "B gets W's own updates, and with some weight decay the difference of both shrinks: their angle goes to 0°.",
  wm: "Before each step B watches what W does to noise, and comes to resemble it without any errors.",
  pfa: "Errors go through a larger population of units; the product of both feedback matrices comes to point as W does.",
  ldfa: "Errors are squeezed into a few dimensions, which are learnt; the fewer, the coarser.",
  usf: "Feedback has W's signs and none of its sizes: an angle between 30° and 40° that stays.",
  frsf: "W's signs with fixed random sizes: feedback changes only where a weight crosses 0.",
  brsf: "W's signs with new random sizes at every step: the angle jumps, and it learns all the same.",
  dfa: "Every layer has the output's error at once. Lower layers align with the product of all W above them.",
  sdfa: "Only the sign of each output's error is sent. It stays as large when the error is small, so curves stay rough.",
  dkp: "B learns what the layer's output says of the error, and comes to point as the layers above do.",
  fdfa: "B learns what noise at a layer does to the output, and comes to point as the layers above do.",
  drtp: "No error is sent at all, but the target: layers can learn before the output is known.",
  f3: "What is sent is the error that each example had an epoch ago; in the first epoch, its target.",
  pepita: "There is no way back: the error is added to the data, which pass a second time.",
};
