import type { Properties } from "../common/property.ts";
import type { LayerTarget } from "../middleware/layer-target.ts";
import type { RouterTrees } from "./router-trees.ts";

/** What a router consists of while it is being defined. */
export interface RouterParts {
  readonly trees: RouterTrees;
  readonly layers: readonly LayerTarget<"request-passer">[];
  readonly hasExtension: boolean;
  readonly extension: unknown;
  readonly properties: Properties;
}
