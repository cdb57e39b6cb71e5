import fc from "fast-check";

/** Sources of regexes over a small alphabet, nesting everything that the parser supports. */
export function randomRegex(withLookaheads: boolean): fc.Arbitrary<string> {
  const { choice } = fc.letrec<{ choice: string; sequence: string; term: string; group: string }>((tie) => ({
    choice: fc.oneof(
      { weight: 3, arbitrary: tie("sequence") },
      {
        weight: 1,
        arbitrary: fc.tuple(tie("sequence"), tie("sequence")).map((options) => options.join("|")),
      },
    ),
    sequence: fc.array(tie("term"), { maxLength: 3 }).map((terms) => terms.join("")),
    term: fc.oneof(
      { maxDepth: 4 },
      { weight: 3, arbitrary: quantified(simpleAtom()) },
      { weight: 1, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B") },
      { weight: 3, arbitrary: quantified(tie("group")) },
      { weight: 2, arbitrary: quantified(tie("group")) },
      { weight: withLookaheads ? 1 : 0, arbitrary: tie("choice").map((body) => `(?=${body})`) },
      { weight: withLookaheads ? 1 : 0, arbitrary: tie("choice").map((body) => `(?!${body})`) },
    ),
    group: fc.tuple(fc.constantFrom("(", "(", "(?:"), tie("choice")).map(([open, body]) => `${open}${body})`),
  }));
  return choice;
}

function simpleAtom(): fc.Arbitrary<string> {
  return fc.constantFrom(
    "a",
    "a",
    "b",
    "b",
    "-",
    ".",
    "[ab]",
    "[^a]",
    "\\w",
    "\\W",
    "[a\\-]",
    "\\u{1f600}",
    "[]",
  );
}

function quantified(atom: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const plain = fc.constantFrom(
    "",
    "",
    "",
    "*",
    "+",
    "?",
    "{2}",
    "{0}",
    "{0,2}",
    "{1,2}",
    "{2,}",
    "{1,3}",
    "{0,1}",
  );
  const lazy = fc.constantFrom("", "", "?");
  return fc.tuple(atom, plain, lazy).map(([a, count, suffix]) => a + count + (count === "" ? "" : suffix));
}

export function randomInput(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom("a", "a", "a", "b", "b", "-", "\u{1f600}", "\n");
  return fc.array(unit, { maxLength }).map((units) => units.join(""));
}
