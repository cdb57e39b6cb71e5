const HINT =
  'Make each repetition able to match a text in one way only, e.g. "a+" for "(a+)+" or ' +
  '"\\w+(\\s\\w+)*" for "(\\w+\\s?)*", or allow it knowingly with allowExponential.';

/** A regex in which a repetition can match the same text in exponentially many ways (ReDoS). */
export class ExponentialRegexError extends Error {
  readonly source: string;
  readonly hint: string;

  constructor(source: string) {
    super(`The regex ${JSON.stringify(source)} can backtrack exponentially. ${HINT}`);
    this.name = "ExponentialRegexError";
    this.source = source;
    this.hint = HINT;
  }
}
