/** Whether options of a layer have the channels of images last, as TensorFlow.js does where nothing is said. */
export const isChannelsLast = ({ dataFormat }: { readonly dataFormat?: unknown }): boolean =>
  dataFormat == null || dataFormat === "channelsLast";
