export { datasetContract } from "./dataset-contract";
