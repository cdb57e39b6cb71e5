import { describeValue } from "../../common/describe-value.ts";
import { RulesError } from "../rules-errors.ts";
import { isDefaultFitting } from "./check-default.ts";
import { checkOptions } from "./check-options.ts";
import { isMeta, OBJECT_METAS, ROOT_METAS, refuseMetas } from "./rule-metas.ts";
import { isBuiltIn } from "./safe-emitters.ts";

/** A rule with nothing short in it: a type, and options whose rules are full ones, too. */
export interface FullRule {
  type: string;
  [option: string]: unknown;
}

/** What the reader needs of fastest-validator's own. */
export interface RuleSource {
  readonly rules: Readonly<Record<string, unknown>>;
  readonly aliases: Readonly<Record<string, unknown>>;
  readonly defaults: Readonly<Record<string, object | undefined>>;
  parseShortHand(text: string): object;
}

/**
 * Reads rules as users write them into full ones, and refuses what is malformed.
 *
 * Always copies: fastest-validator changes the rules that it is given, and takes a rule that is used at two places for a
 * recursion, of which it leaves out the second one's checker. Only a rule that contains itself stays one object.
 */
export class RuleReader {
  readonly #validator: RuleSource;
  readonly #name: string;
  readonly #open = new Map<object, FullRule>();
  readonly #full = new WeakSet<object>();

  /** @param name the function that the user called with the rules, for messages */
  constructor(validator: RuleSource, name: string) {
    this.#validator = validator;
    this.#name = name;
  }

  /** Whether this reader has made the rule. */
  isFull(rule: unknown): rule is FullRule {
    return typeof rule === "object" && rule !== null && this.#full.has(rule);
  }

  /** The rule of the whole value. */
  readRoot(rules: object): FullRule {
    const { $$root, $$async: _, ...others } = rules as Readonly<Record<string, unknown>>;
    refuseMetas(rules, ROOT_METAS, this.#name, "");
    if (Array.isArray(rules) || $$root === true) {
      return this.read(Array.isArray(rules) ? rules : others, "");
    }
    return this.#open.get(rules) ?? this.#readObject(rules, { type: "object" }, others, "");
  }

  read(rule: unknown, path: string): FullRule {
    const known = typeof rule === "object" && rule !== null ? this.#open.get(rule) : undefined;
    if (known !== undefined) {
      return known;
    }
    if (typeof rule === "string") {
      return this.#readOptions(rule, this.#validator.parseShortHand(rule), path);
    }
    if (Array.isArray(rule)) {
      return this.#readAlternatives(rule, path);
    }
    if (typeof rule !== "object" || rule === null) {
      throw this.#refusal(
        path,
        `is ${describeValue(rule)}: write a text such as "string|min:3", or an object with a type`,
      );
    }
    const { $$type, ...others } = rule as Readonly<Record<string, unknown>>;
    if ($$type === undefined) {
      return this.#readOptions(rule, rule, path);
    }
    refuseMetas(rule, OBJECT_METAS, this.#name, path);
    if (typeof $$type !== "string") {
      throw this.#refusal(path, `has ${describeValue($$type)} as $$type: write $$type: "object"`);
    }
    const base = this.read($$type, path);
    if (base.type !== "object") {
      throw this.#refusal(
        path,
        `has the $$type "${$$type}": nested rules are an object's, write $$type: "object"`,
      );
    }
    return this.#readObject(rule, base, others, path);
  }

  #readObject(key: object, base: FullRule, rules: Readonly<Record<string, unknown>>, path: string): FullRule {
    const { $$strict = base.strict, ...others } = rules;
    const byName = Object.entries(others).filter(([name]) => !isMeta(name));
    return this.#readOptions(
      key,
      { ...base, ...($$strict === undefined ? {} : { strict: $$strict }), props: Object.fromEntries(byName) },
      path,
    );
  }

  /** As fastest-validator has it: what may be missing in each alternative may be missing. */
  #readAlternatives(rules: readonly unknown[], path: string): FullRule {
    const full: FullRule = { type: "multi" };
    return this.#within(rules, full, () => {
      checkOptions({ type: "multi", rules }, true, this.#name, path);
      const alternatives = rules.map((rule) => this.read(rule, path));
      full.rules = alternatives;
      full.optional = alternatives.every((rule) => rule.optional === true);
      full.nullable = alternatives.every((rule) => rule.nullable === true);
    });
  }

  #readOptions(key: unknown, given: object, path: string): FullRule {
    const full = this.#withDefaults(given as Readonly<Record<string, unknown>>, path);
    return this.#within(key, full, () => {
      checkOptions(full, isBuiltIn(full.type, this.#validator.rules[full.type]), this.#name, path);
      this.#readInner(full, path);
      if (!isDefaultFitting(full)) {
        throw this.#refusal(path, `has ${describeDefault(full)}, which the rule itself would refuse`);
      }
    });
  }

  #withDefaults(given: Readonly<Record<string, unknown>>, path: string): FullRule {
    const { aliases, defaults, rules } = this.#validator;
    const type = given.type;
    if (typeof type !== "string") {
      throw this.#refusal(
        path,
        `has no type: write { type: "string" }, or { $$type: "object", … } for nested rules`,
      );
    }
    if (Object.hasOwn(aliases, type)) {
      const { type: _, ...others } = given;
      return { ...this.read(aliases[type], path), ...others };
    }
    if (!Object.hasOwn(rules, type)) {
      const names = Object.keys(rules).join(", ");
      throw this.#refusal(path, `has the type "${type}", which there is not. There are ${names}`);
    }
    return { ...defaults[type], ...given, type };
  }

  /** The rules within a rule, at the options where each type has them. */
  #readInner(full: FullRule, path: string): void {
    const { type, items } = full;
    const inside = (name: string): string => (path === "" ? name : `${path}.${name}`);
    if (type === "array" && items !== undefined) {
      full.items = this.read(items, inside("*"));
    } else if (type === "tuple" && Array.isArray(items)) {
      full.items = items.map((item, index) => this.read(item, inside(String(index))));
      // Or else a list of none fits, whatever the items are.
      full.empty ??= false;
    } else if (type === "multi") {
      full.rules = (full.rules as readonly unknown[]).map((rule) => this.read(rule, path));
    } else if (type === "record") {
      full.key = this.read(full.key ?? "string", inside("*"));
      full.value = this.read(full.value ?? "any", inside("*"));
    } else if (type === "object") {
      const { props, properties = props, ...others } = full;
      Object.assign(full, others, { props: properties && this.#readProps(properties, inside) });
      delete full.properties;
    }
  }

  #readProps(props: unknown, inside: (name: string) => string): Record<string, FullRule> {
    const entries = Object.entries(props as object)
      .filter(([name]) => !isMeta(name))
      .map(([name, rule]): [string, FullRule] => {
        if (name === "__proto__") {
          throw this.#refusal(inside(name), "is for a name that is refused, since it poisons prototypes");
        }
        return [name, this.read(rule, inside(name))];
      });
    // What is equal to a field takes its value over, which has to be converted by then.
    const isLate = ([, { type, field }]: [string, FullRule]) => type === "equal" && field !== undefined;
    return Object.fromEntries([
      ...entries.filter((entry) => !isLate(entry)),
      ...entries.filter((entry) => isLate(entry)),
    ]);
  }

  /** Fills a rule that what is inside may lead back to. */
  #within(key: unknown, full: FullRule, fill: () => void): FullRule {
    this.#full.add(full);
    if (typeof key !== "object" || key === null) {
      fill();
      return full;
    }
    this.#open.set(key, full);
    fill();
    this.#open.delete(key);
    return full;
  }

  #refusal(path: string, problem: string): RulesError {
    const which = path === "" ? "the rule of the whole value" : `the rule "${path}"`;
    return new RulesError(`${this.#name}: ${which} ${problem}.`, [path]);
  }
}

/** Numbers and texts are told apart: `"string|default:5"` has the number 5. */
function describeDefault({ type, default: preset }: FullRule): string {
  const isPlain = ["string", "number", "boolean"].includes(typeof preset);
  const value = isPlain ? `the ${typeof preset} ${JSON.stringify(preset)}` : describeValue(preset);
  return `${value} as the default of the type "${type}"`;
}
