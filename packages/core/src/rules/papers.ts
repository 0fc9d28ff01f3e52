import type { Paper } from "./rule";

/** Sign-concordant feedback. */
export const liao2016: Paper = {
  authors: "Liao, Leibo & Poggio",
  year: 2016,
  title: "How important is weight symmetry in backpropagation?",
  where: "AAAI 30, section 3",
};

/** Direct rules without the error, or with its sign alone. */
export const frenkel2021: Paper = {
  authors: "Frenkel, Lefebvre & Bol",
  year: 2021,
  title:
    "Learning without feedback: fixed random learning signals allow for feedforward training of deep neural networks",
  where: "Frontiers in Neuroscience 15, 629892",
};
