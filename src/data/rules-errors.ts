import { DefinitionError } from "../common/definition-error.ts";

/** Rules of fastest-validator are malformed. `paths` names the rule, in dots. */
export class RulesError extends DefinitionError {
  readonly code = "ARGANIA_RULES";
}

/** Rules of fastest-validator cannot be compiled, since this runtime forbids to make code from text. */
export class CodeGenerationError extends DefinitionError {
  readonly code = "ARGANIA_CODE_GENERATION";

  /** @param name the function that was called with the rules */
  constructor(name: string, options?: ErrorOptions) {
    super(
      `${name}: fastest-validator compiles its rules into code, which this runtime forbids, as Cloudflare Workers do. Give ${name} a schema of zod, valibot, arktype or another library that follows Standard Schema.`,
      [],
      options,
    );
  }
}
