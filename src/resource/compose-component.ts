import type { DefinitionError } from "../common/definition-error.ts";
import type { RawHandler } from "../handler/handler.ts";
import { composeLayers, InvalidLayerError, type Layer } from "../handler/layer.ts";
import type { LayerTargetKind } from "../middleware/layer-target.ts";
import type { ResourceNode } from "./resource-node.ts";

export const NO_LAYERS: readonly Layer[] = Object.freeze([]);

/** The layers that were added to a component, outermost first. */
export function layersFor(node: ResourceNode, kind: LayerTargetKind): readonly Layer[] {
  return node.layers.length === 0
    ? NO_LAYERS
    : node.layers.filter((target) => target.kind === kind).flatMap((target) => target.layers);
}

/** The handler in its layers, or `null` when no layer has wrapped it. */
export function composeOrNull(
  node: Pick<ResourceNode, "path">,
  layers: readonly Layer[],
  problems: DefinitionError[],
  innermost: RawHandler,
): RawHandler | null {
  if (layers.length === 0) {
    return null;
  }
  try {
    const composed = composeLayers(layers, innermost);
    return composed === innermost ? null : composed;
  } catch (error) {
    if (!(error instanceof InvalidLayerError)) {
      throw error;
    }
    problems.push(
      new InvalidLayerError(`"${node.path()}": ${error.message}`, [node.path()], {
        cause: error.cause ?? error,
      }),
    );
    return null;
  }
}
