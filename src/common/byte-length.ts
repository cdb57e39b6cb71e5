/** How many bytes of UTF-8 this is. An encoder copies the text: only where there is nothing better. */
export function byteLength(whole: string | Uint8Array): number {
  return typeof whole !== "string"
    ? whole.byteLength
    : typeof Buffer === "undefined"
      ? new TextEncoder().encode(whole).byteLength
      : Buffer.byteLength(whole);
}
