/**
 * Adds the name of a request header to `Vary`, so that no cache hands one client's answer to another one. A `*` says all
 * there is to say already. Source: RFC 9110 §12.5.5.
 */
export function addVary(headers: Headers, name: string): void {
  const present = headers.get("vary");
  const names = present === null ? [] : present.split(",").map((part) => part.trim().toLowerCase());
  if (names.includes("*") || names.includes(name.toLowerCase())) {
    return;
  }
  headers.set("vary", present === null || present === "" ? name : `${present}, ${name}`);
}
