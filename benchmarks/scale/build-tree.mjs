// Child process, with --expose-gc: builds and finalizes a tree, and says what that took.
// The shape is that of an API: collections with items with parts; every tenth level is a wildcard.

import { sendResult } from "../lib/child.mjs";
import { bundleUrl } from "../lib/paths.mjs";

const { Resource, _get, _post } = await import(bundleUrl);
const count = Number(process.argv[2]);
const PARTS = 8;

/** Makes the tree, and gives how many resources it has. */
function buildTree(root) {
  let made = 1;
  for (let index = 0; made < count; index++) {
    const collection = root.subresource(`/collection${index}`);
    collection.setHandlerFor(
      _get.to(() => "list"),
      _post.to(() => "create"),
    );
    const item = collection.subresource("/{id}");
    item.setHandlerFor(_get.to(({ params }) => params.id));
    made += 2;
    for (let part = 0; part < PARTS && made < count; part++, made++) {
      item.subresource(`/part${part}`).setHandlerFor(_get.to(({ params }) => params.id));
    }
  }
  return made;
}

/** Collected until nothing more is freed, so that only what the tree holds is counted. */
function memory() {
  for (let times = 0; times < 4; times++) globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapUsed, rss };
}

const before = memory();
const started = performance.now();
const root = new Resource("/");
const resources = buildTree(root);
const built = performance.now();
const definition = memory();
const finalizing = performance.now();
const service = root.intoService();
const finalized = performance.now();
const after = memory();

const last = await service.request("/collection0/7/part0");
if ((await last.text()) !== "7") throw new Error("The tree does not answer.");
sendResult({
  resources,
  buildMs: built - started,
  finalizeMs: finalized - finalizing,
  definitionBytes: (definition.heapUsed - before.heapUsed) / resources,
  heapBytes: (after.heapUsed - before.heapUsed) / resources,
  rssBytes: (after.rss - before.rss) / resources,
});
