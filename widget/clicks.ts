// Count a click on the share row: of the article and the network, and of nobody.

import { bare } from "./bare";
import type { ShareOptions } from "./options";

/** Tell the service, even while the page is left. */
export function count(options: ShareOptions, network: string): void {
  const { service, site, key, url, articleToken } = options;
  const click = bare({ key, url, network, ...(articleToken ? { article_token: articleToken } : {}) });
  // A string goes as text/plain, which needs no preflight.
  navigator.sendBeacon(`${service}/api/v1/sites/${encodeURIComponent(site)}/shares`, JSON.stringify(click));
}
