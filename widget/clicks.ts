// Count a click on the share row: of the article and the network, and of nobody.

import type { ShareOptions } from "./options";

/** Tell the service, even while the page is left. */
export function count(options: ShareOptions, network: string): void {
  const { service, site, key, url, articleToken } = options;
  // Without a prototype, so that no toJSON of the page's has a say.
  const click = Object.assign(Object.create(null), { key, url, network });
  if (articleToken) click.article_token = articleToken;
  // A string goes as text/plain, which needs no preflight.
  navigator.sendBeacon(`${service}/api/v1/sites/${encodeURIComponent(site)}/shares`, JSON.stringify(click));
}
