import { sequential } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/** Feedback alignment: fixed random feedback weights B of the kernel's shape, δ below = e·Bᵀ. */
export const fa: Rule<"above"> = {
  name: "fa",
  title: "Feedback alignment",
  paper: {
    authors: "Lillicrap, Cownden, Tweed & Akerman",
    year: 2016,
    title: "Random synaptic feedback weights support error backpropagation for deep learning",
    where: "Nature Communications 7, 13276",
  },
  formula: { transport: "B", feedback: "fixed" },
  route: sequential,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
};
