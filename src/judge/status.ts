/** A status that a run expects of `name`. @throws Error where it is unknown */
export function asStatus<S extends string>(text: string, statuses: readonly S[], name: string): S {
  const status = statuses.find((each) => each === text);
  if (status === undefined)
    throw new Error(`${name}: unknown status \`${text}\`; use one of ${statuses.join(', ')}`);
  return status;
}
