import { RulesError } from "../rules-errors.ts";

export const ROOT_METAS: readonly string[] = ["$$root", "$$async", "$$strict"];
export const OBJECT_METAS: readonly string[] = ["$$type", "$$strict"];

/** Names that begin so are about the object, and stand for no value in it. */
export function isMeta(name: string): boolean {
  return name.startsWith("$$");
}

/** fastest-validator ignores those that it does not know: `$$stric: true` would refuse nothing. */
export function refuseMetas(rules: object, known: readonly string[], name: string, path: string): void {
  for (const [meta, value] of Object.entries(rules)) {
    if (isMeta(meta) && !known.includes(meta)) {
      throw new RulesError(
        `${name}: ${path === "" ? "the rules have" : `the rule "${path}" has`} ${meta}; there is only ${known.join(", ")} there.`,
        [path],
      );
    }
    if ((meta === "$$root" || meta === "$$async") && typeof value !== "boolean") {
      throw new RulesError(`${name}: ${meta} is true or false.`, [path]);
    }
  }
}
