/** A value of which a test needs only these parts; whatever else is used of it is undefined. */
export function stub<T>(parts: Partial<T> = {}): T {
  return parts as T;
}
