/** Those of some options that are given: neither left out nor, as TensorFlow.js saves them, null. */
export function givenOptions<Options extends object, Name extends keyof Options & string>(
  options: Options,
  names: { readonly [N in Name]: true },
): Pick<Options, Name> {
  return Object.fromEntries(
    (Object.keys(names) as Name[]).flatMap((name) =>
      options[name] == null ? [] : [[name, options[name]]],
    ),
  ) as Pick<Options, Name>;
}
