/** Data and options as we wrote them, whatever the page has added to the prototypes that they would inherit from. */

/** Browsers read options such as `signal` from Object.prototype too, and JSON.stringify calls any `toJSON` that it finds. */
export function bare<const T extends object>(bag: T): T {
  return Object.setPrototypeOf(bag, null);
}
