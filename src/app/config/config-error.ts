import { ArganiaError } from "../../common/argania-error.ts";

/** One thing that is wrong with a configuration. */
export interface ConfigIssue {
  /** Where in the configuration, in dots (`database.url`); empty for all of it, or for a file that cannot be read. */
  readonly path: string;
  readonly message: string;
  /** The file or the environment variable that the value comes from; `null` when it comes from nowhere. */
  readonly source: string | null;
}

/**
 * A configuration cannot be read, or does not hold. `issues` says what is wrong, where, and which file or variable to
 * change; neither it nor the message repeats values of four characters or more, which may be secrets.
 */
export class ConfigError extends ArganiaError {
  readonly code = "ARGANIA_CONFIG";
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    super(`The configuration does not hold.\n${issues.map((issue) => `  ${lineOf(issue)}`).join("\n")}`);
    this.issues = Object.freeze(issues.map((issue) => Object.freeze({ ...issue })));
  }
}

function lineOf({ path, message, source }: ConfigIssue): string {
  const place = path === "" ? source : `${path} (${source ?? "set nowhere"})`;
  return place === null ? message : `${place}: ${message}`;
}
