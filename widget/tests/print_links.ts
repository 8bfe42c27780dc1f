// Print the links of every network for the articles on standard input, for a test that compares them with Python's.

import { linkTo, NETWORKS } from "../links";

const articles = (await Bun.stdin.json()) as { title: string; url: string }[];
const links = articles.map(({ title, url }) => NETWORKS.map((network) => linkTo(network, title, url, "mas.to")));
console.log(JSON.stringify(links));
