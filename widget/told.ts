/** What the page around has told the widget, before or after it came. */

interface Told {
  readonly onBeforePost?: (about: { parent: string | null }) => unknown;
  readonly getToken?: () => unknown;
}

declare global {
  interface Window {
    /** What the page has told us, before or after we came. */
    Comments?: { readonly q?: readonly Told[] };
  }
}

/** All of it; of what was told twice the last counts. */
export const told = (): Told => Object.assign({}, ...(window.Comments?.q ?? []));
