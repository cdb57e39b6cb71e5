/**
 * `NODE_ENV`, read where it is asked for. Written out, since bundlers put a constant in the place of just this expression, also
 * for runtimes without `process`; where neither is, it fails, and nothing is known.
 */
export function nodeEnvironment(): string | undefined {
  try {
    return process.env.NODE_ENV;
  } catch {
    return undefined;
  }
}
