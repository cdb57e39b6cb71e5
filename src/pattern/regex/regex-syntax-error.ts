/**
 * A regex that cannot be used: wrong syntax, syntax that is not supported, or a regex that grows too large.
 *
 * `position` is the index in the source (UTF-16 units) where the trouble starts, `reason` says what is wrong,
 * `hint` what to write instead.
 */
export class RegexSyntaxError extends Error {
  readonly position: number;
  readonly reason: string;
  readonly hint: string;

  constructor(position: number, reason: string, hint: string) {
    super(`Invalid regex at index ${position}: ${reason}. ${hint}`);
    this.name = "RegexSyntaxError";
    this.position = position;
    this.reason = reason;
    this.hint = hint;
  }
}
