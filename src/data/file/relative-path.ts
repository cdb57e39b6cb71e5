/** What is done with names that begin with a dot. */
export type DotfilePolicy = "deny" | "allow" | "well-known";

/** Separators, NUL, and what begins a stream or a drive on Windows: `file.txt::$DATA`, `C:`. */
const FORBIDDEN = /[/\\\0:]/;
/** Windows cuts these off, so that `secret.txt.` is `secret.txt`. */
const CUT_OFF = /[. ]$/;
/** Devices of Windows, with any extension, and names that may stand for longer ones (`PROGRA~1`). */
const OF_WINDOWS = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?:\.|$)|~\d|[<>"|?*]/i;

/**
 * The path of a file below a directory, of decoded segments; `null` for one that must not be looked up (CONTRACT §12).
 * What is not there needs no error of its own: it is not found.
 */
export function relativePathOf(segments: readonly string[], dotfiles: DotfilePolicy): string | null {
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] as string;
    if (
      segment === "" ||
      FORBIDDEN.test(segment) ||
      CUT_OFF.test(segment) ||
      isHidden(segment, index, dotfiles)
    ) {
      return null;
    }
    if (process.platform === "win32" && OF_WINDOWS.test(segment)) {
      return null;
    }
  }
  return segments.length === 1 ? (segments[0] as string) : segments.join("/");
}

/** RFC 8615: `/.well-known/` is made for being read. */
function isHidden(segment: string, index: number, dotfiles: DotfilePolicy): boolean {
  return (
    segment.startsWith(".") &&
    dotfiles !== "allow" &&
    !(dotfiles === "well-known" && index === 0 && segment === ".well-known")
  );
}
