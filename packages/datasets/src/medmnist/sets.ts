/** What is known of a set of MedMNIST. */
interface MedMnistSet {
  /** What it shows, in a few words. */
  readonly shows: string;
  readonly channels: 1 | 3;
  readonly classNames: readonly string[];
  /** How many training and test images it has. */
  readonly size: readonly [train: number, test: number];
  /** Where it is not CC BY 4.0. */
  readonly licence?: string;
}

const organs = [
  "bladder",
  "femur-left",
  "femur-right",
  "heart",
  "kidney-left",
  "kidney-right",
  "liver",
  "lung-left",
  "lung-right",
  "pancreas",
  "spleen",
];

/** The sets of MedMNIST v2 whose images are flat and have one class each, by the names of their files. */
const sets = {
  pathmnist: {
    shows: "stained tissue of the colon",
    channels: 3,
    classNames: [
      "adipose",
      "background",
      "debris",
      "lymphocytes",
      "mucus",
      "smooth muscle",
      "normal colon mucosa",
      "cancer-associated stroma",
      "colorectal adenocarcinoma epithelium",
    ],
    size: [89_996, 7_180],
  },
  dermamnist: {
    shows: "spots of the skin",
    channels: 3,
    classNames: [
      "actinic keratoses and intraepithelial carcinoma",
      "basal cell carcinoma",
      "benign keratosis-like lesions",
      "dermatofibroma",
      "melanoma",
      "melanocytic nevi",
      "vascular lesions",
    ],
    size: [7_007, 2_005],
    licence: "CC BY-NC 4.0",
  },
  octmnist: {
    shows: "layers of the retina (optical coherence tomography)",
    channels: 1,
    classNames: ["choroidal neovascularization", "diabetic macular edema", "drusen", "normal"],
    size: [97_477, 1_000],
  },
  pneumoniamnist: {
    shows: "X-ray pictures of children's chests",
    channels: 1,
    classNames: ["normal", "pneumonia"],
    size: [4_708, 624],
  },
  retinamnist: {
    shows: "the back of the eye, in five degrees of retinopathy",
    channels: 3,
    classNames: ["0", "1", "2", "3", "4"],
    size: [1_080, 400],
  },
  breastmnist: {
    shows: "ultrasound pictures of breasts",
    channels: 1,
    classNames: ["malignant", "normal, benign"],
    size: [546, 156],
  },
  bloodmnist: {
    shows: "blood cells",
    channels: 3,
    classNames: [
      "basophil",
      "eosinophil",
      "erythroblast",
      "immature granulocytes(myelocytes, metamyelocytes and promyelocytes)",
      "lymphocyte",
      "monocyte",
      "neutrophil",
      "platelet",
    ],
    size: [11_959, 3_421],
  },
  tissuemnist: {
    shows: "cells of the kidney's cortex",
    channels: 1,
    classNames: [
      "Collecting Duct, Connecting Tubule",
      "Distal Convoluted Tubule",
      "Glomerular endothelial cells",
      "Interstitial endothelial cells",
      "Leukocytes",
      "Podocytes",
      "Proximal Tubule Segments",
      "Thick Ascending Limb",
    ],
    size: [165_466, 47_280],
  },
  organamnist: {
    shows: "organs in computed tomography, axial planes",
    channels: 1,
    classNames: organs,
    size: [34_561, 17_778],
  },
  organcmnist: {
    shows: "organs in computed tomography, coronal planes",
    channels: 1,
    classNames: organs,
    size: [12_975, 8_216],
  },
  organsmnist: {
    shows: "organs in computed tomography, sagittal planes",
    channels: 1,
    classNames: organs,
    size: [13_932, 8_827],
  },
} satisfies Readonly<Record<string, MedMnistSet>>;

/** The name of a set of MedMNIST. */
export type MedMnistName = keyof typeof sets;

/** Every set by name. */
export const medMnistSets: { readonly [N in MedMnistName]: MedMnistSet } = sets;

/** MedMNIST's sets that are of another kind, and why they cannot be trained on. */
export const refusedMedMnist: Readonly<Record<string, string>> = {
  chestmnist: "whose images may have several of its 14 labels, where one class is learnt for each",
  ...Object.fromEntries(
    ["organ", "nodule", "adrenal", "fracture", "vessel", "synapse"].map((what) => [
      `${what}mnist3d`,
      "which shows volumes, where images are learnt from",
    ]),
  ),
};
