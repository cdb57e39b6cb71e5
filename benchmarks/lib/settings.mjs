// What can be set from outside. Nothing here changes what is compared, only for how long and how much of it.

function numberFrom(name, fallback) {
  const value = Number(process.env[name] ?? fallback);
  if (!(value > 0)) throw new Error(`${name} must be a positive number, not ${process.env[name]}.`);
  return value;
}

function listFrom(name) {
  const value = process.env[name];
  return value === undefined || value === "" ? null : value.split(",").map((part) => part.trim());
}

/** How often every contender has its turn. */
export const rounds = Math.round(numberFrom("BENCH_ROUNDS", 6));
/** How long one turn under load takes, in seconds. */
export const seconds = Math.ceil(numberFrom("BENCH_SECONDS", 2));
/** Only these parts of a suite (scenarios, groups), or all of them. */
export const onlyParts = listFrom("BENCH_ONLY");
/** Only these contenders of the http suite, or all of them. */
export const onlyContenders = listFrom("BENCH_CONTENDERS");

export function isWanted(part) {
  return onlyParts === null || onlyParts.includes(part);
}
