/** Load a part of the thread when it is needed. */

/** The exports of a chunk such as "report.0123456789"; they are fetched at the first call, and again after a failure. */
export function loader<Exports>(service: string, chunk: string): () => Promise<Exports> {
  const address = `${service}/a/${chunk}.js`;
  // Browsers remember that a module failed, so what is tried again needs another address.
  return () => import(address).catch(() => import(`${address}?${Date.now()}`));
}
