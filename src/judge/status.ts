/**
 * The status that `--expect NAME=STATUS` names.
 *
 * @throws Error where it is none of the statuses there are
 */
export function asStatus<S extends string>(text: string, statuses: readonly S[], name: string): S {
  const status = statuses.find((each) => each === text);
  if (status === undefined)
    throw new Error(`${name} is expected to be \`${text}\`: give one of ${statuses.join(', ')}`);
  return status;
}
