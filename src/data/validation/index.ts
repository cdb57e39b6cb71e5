import { registerRuleCompiler } from "../rule-compiler.ts";
import { schemaMaker } from "./fastest-validator.ts";

export type { InferRules, InferRulesInput } from "../infer-rules.ts";
export { type FastestValidatorOptions, fastestValidator, type ValidatorLike } from "./fastest-validator.ts";

registerRuleCompiler((rules, name, source) => schemaMaker(rules, {}, name)(source, name));
