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

/** All of it; of what was told twice the last counts, and what cannot be read is passed over. */
export function told(): Told {
  try {
    return Object.assign({}, ...(window.Comments?.q ?? []));
  } catch (error) {
    console.warn(error);
    return {};
  }
}
