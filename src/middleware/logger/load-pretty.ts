import { builtinModule } from "../../common/builtin-module.ts";

/** Formats one line, as JSON or as its object. */
export type PrettyFormat = (line: string | object) => string;

interface PinoPretty {
  readonly isColorSupported?: boolean;
  prettyFactory(options: Readonly<Record<string, unknown>>): PrettyFormat;
}

interface NodeModule {
  createRequire(from: string): (name: string) => unknown;
}

/**
 * The formatter of `pino-pretty`; `null` when it is not installed. It is no dependency of ours, and looked for from here and
 * from where the program runs: a strict package manager lets only the program see it.
 */
export function loadPretty(load: (name: string, from: string) => unknown = loadFrom): PrettyFormat | null {
  const here = typeof __filename === "string" ? __filename : import.meta.url;
  for (const from of [here, `${process.cwd()}/package.json`]) {
    try {
      const pretty = load("pino-pretty", from) as PinoPretty;
      return pretty.prettyFactory({
        colorize: pretty.isColorSupported === true,
        ignore: "pid,hostname",
        singleLine: true,
        translateTime: "SYS:HH:MM:ss.l",
      });
    } catch {
      // Not there.
    }
  }
  return null;
}

function loadFrom(name: string, from: string): unknown {
  return builtinModule<NodeModule>("node:module")?.createRequire(from)(name);
}
