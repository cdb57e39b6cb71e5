/** How a resource treats trailing slashes and what is below it. */
export interface ResourceConfig {
  readonly endsWithSlash: boolean;
  readonly onUnmatchingSlash: "redirect" | "drop" | "handle";
  readonly isSubtreeHandler: boolean;
}

/** Most resources have this one: it is shared. */
export const DEFAULT_CONFIG: ResourceConfig = {
  endsWithSlash: false,
  onUnmatchingSlash: "redirect",
  isSubtreeHandler: false,
};

/** The configuration alone, of a pattern or of another resource. */
export function configOf({
  endsWithSlash,
  onUnmatchingSlash,
  isSubtreeHandler,
}: ResourceConfig): ResourceConfig {
  const config = { endsWithSlash, onUnmatchingSlash, isSubtreeHandler };
  return isSameConfig(config, DEFAULT_CONFIG) ? DEFAULT_CONFIG : config;
}

export function isSameConfig(one: ResourceConfig, other: ResourceConfig): boolean {
  return (
    one.endsWithSlash === other.endsWithSlash &&
    one.onUnmatchingSlash === other.onUnmatchingSlash &&
    one.isSubtreeHandler === other.isSubtreeHandler
  );
}

/** The configuration symbols behind a pattern, with the space in front of them. */
export function symbolsOf(config: ResourceConfig, isRoot: boolean): string {
  const slash = isRoot ? "" : { redirect: "", drop: "!", handle: "?" }[config.onUnmatchingSlash];
  const symbols = `${slash}${config.isSubtreeHandler ? "*" : ""}`;
  return symbols === "" ? "" : ` ${symbols}`;
}
