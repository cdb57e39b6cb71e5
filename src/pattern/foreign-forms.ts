import { PatternError, type PatternPlace } from "./pattern-error.ts";

/** How another framework writes a param or a wildcard; the group is the name of the param. */
interface ForeignForm {
  readonly form: RegExp;
  readonly explain: (text: string, name: string) => readonly [reason: string, hint: string];
}

const matchesOnlyItself = (text: string): string => `"${text}" would match only itself`;
const SUBTREE = 'Write " *" behind the pattern for a subtree handler, and read context.subtreeSegments.';

const FORMS: readonly ForeignForm[] = [
  {
    form: /^:([A-Za-z_$][\w$]*)/,
    explain: (text, name) => [
      `${matchesOnlyItself(text)}, colon included`,
      `Write "{${name}}" for a param; fromExpressPath() translates whole paths.`,
    ],
  },
  {
    form: /^\*$/,
    explain: () => [
      "a segment of one star would match only a star",
      'Write " *" behind the pattern for a subtree handler, or "{name}" for any segment.',
    ],
  },
  {
    form: /^\*([A-Za-z_$][\w$]*)$/,
    explain: (text, name) => [
      `${matchesOnlyItself(text)}, star included`,
      `${SUBTREE} "{${name}}" captures one segment; fromExpressPath() translates whole paths.`,
    ],
  },
  {
    form: /^\*\*$/,
    explain: () => ["a segment of two stars would match only two stars", SUBTREE],
  },
  {
    form: /\(\.\*\)/,
    explain: (text) => [
      `${matchesOnlyItself(text)}: a regex stands in a capture`,
      `${SUBTREE} For a part of one segment write a capture, as in "{name:.*}".`,
    ],
  },
  {
    form: /^\[{1,2}\.\.\.([A-Za-z_$][\w$]*)\]{1,2}$/,
    explain: (text) => [`${matchesOnlyItself(text)}, brackets included`, SUBTREE],
  },
  {
    form: /^\[([A-Za-z_$][\w$]*)\]$/,
    explain: (text, name) => [
      `${matchesOnlyItself(text)}, brackets included`,
      `Write "{${name}}" for a param.`,
    ],
  },
  {
    form: /^<([A-Za-z_$][\w$]*)>$/,
    explain: (text, name) => [
      `${matchesOnlyItself(text)}, angle brackets included`,
      `Write "{${name}}" for a param.`,
    ],
  },
  {
    form: /^<int:([A-Za-z_$][\w$]*)>$/,
    explain: (text, name) => [
      `${matchesOnlyItself(text)}, angle brackets included`,
      `Write "{${name}:\\d+}" for a param of digits.`,
    ],
  },
  {
    form: /^<path:([A-Za-z_$][\w$]*)>$/,
    explain: (text) => [`${matchesOnlyItself(text)}, angle brackets included`, SUBTREE],
  },
  {
    form: /^<\w+:([A-Za-z_$][\w$]*)>$/,
    explain: (text, name) => [
      `${matchesOnlyItself(text)}, angle brackets included`,
      `Write "{${name}}" for a param, or "{${name}:regex}".`,
    ],
  },
];

/** Whoever comes from another framework would define a resource that no request means, and see nothing of it. */
export function refuseForeignForm(text: string, { pattern, offset }: PatternPlace): void {
  for (const { form, explain } of FORMS) {
    const found = form.exec(text);
    if (found !== null) {
      const [reason, hint] = explain(text, found[1] ?? "");
      const itself = text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
      throw new PatternError({
        pattern,
        position: offset + found.index,
        reason,
        hint: `${hint} The text itself is "{x:${itself}}".`,
      });
    }
  }
}
