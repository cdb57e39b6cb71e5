import { compileSegmentRegex, type SegmentRegex } from "../../pattern/regex/segment-regex.ts";

/** Whether a text matches, as a whole. */
export type TextTest = (text: string) => boolean;

/** Not needed, or not wanted: `g` and `y` remember where they were, `m` lets `^` and `$` match in between. */
const USELESS_FLAGS = /[gimyd]/;

/** Longer ones are never tried. Host names have 253 characters at most (RFC 1035 §2.3.4). */
const LONGEST = 512;

/** No regex for the origins of somebody allows this one (RFC 2606 §2). */
const NOBODY = "https://any-host-at-all.invalid";

/**
 * The test of a regex for origins. It must match the whole origin, whatever its alternatives are, and takes time linear
 * in the length of what a client sends.
 *
 * Throws a `TypeError` for a regex that is not written as `/^…$/`, or has a dot that would match any character: that is
 * how `https://example.com.evil.net` and `https://exampleXcom` come to be allowed.
 */
export function compileOriginRegex(owner: string, { source, flags }: RegExp): TextTest {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new TypeError(`The regex /${source}/${flags} in ${owner} ${problem}`, { cause });
  };
  if (USELESS_FLAGS.test(flags)) {
    refuse("has flags that it must not have: origins are in lower case and on one line.");
  }
  if (!source.startsWith("^") || !source.endsWith("$") || /(?:^|[^\\])(?:\\\\)*\\\$$/.test(source)) {
    refuse(
      'must match the whole origin: write /^https:\\/\\/[a-z]+\\.example\\.com$/, or "https://*.example.com".',
    );
  }
  const inside = source.slice(1, -1);
  if (hasBareDot(inside)) {
    refuse("has a dot that matches any character: write \\. for the dots of a host.");
  }
  let regex: SegmentRegex;
  try {
    regex = compileSegmentRegex(inside, { allowExponential: true });
  } catch (error) {
    return refuse(`cannot be used: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (regex.exec(NOBODY) !== null) {
    refuse("allows every origin.");
  }
  return (text) => text.length <= LONGEST && regex.exec(text) !== null;
}

/** A dot outside of a class, neither escaped nor repeated. */
function hasBareDot(source: string): boolean {
  const plain = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, "x");
  return /\.(?![*+?{])/.test(plain);
}
