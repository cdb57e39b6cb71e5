/**
 * Says what to write for the forms that Express 4 had and Express 5 has not; `null` when there is none of
 * them.
 */
export function suggestForExpress4(path: string): string | null {
  const subtree = SUBTREE.exec(path)?.groups as { prefix: string } | undefined;
  if (subtree !== undefined) {
    return `Write a subtree handler, "${rooted(translateParams(subtree.prefix))} *", and read context.subtreeSegments.`;
  }
  const optional = OPTIONAL.exec(path);
  if (optional !== null) {
    const without = path.replace(OPTIONAL, "");
    const withParam = path.replace(OPTIONAL, optional[0].slice(0, -1));
    return `Define resources for "${rooted(translateParams(without))}" and "${rooted(translateParams(withParam))}".`;
  }
  return PARAM_WITH_REGEX.test(path) ? `Write "${rooted(translateParams(path))}".` : null;
}

/** `*`, `(.*)`, `:path*`, `:path+`, `:path(.*)` at the end: any rest of the path. */
const SUBTREE = /^(?<prefix>.*?)\/?(?::\w+[*+]|(?::\w+)?\(\.[*+]\)|\*)$/;
/** In all of these a group nests once, as in `(\d+|(new|old))`: that is as deep as paths in the wild go. */
const OPTIONAL = /\/?:\w+(?:\(((?:[^()]|\((?:[^()])*\))*)\))?\?/;
const PARAM_WITH_REGEX = /:\w+\(((?:[^()]|\((?:[^()])*\))*)\)/;
const PARAM = /:(\w+)(?:\(((?:[^()]|\((?:[^()])*\))*)\))?/g;

function translateParams(path: string): string {
  return path.replace(PARAM, (_, name: string, regex: string | undefined) =>
    regex === undefined ? `{${name}}` : `{${name}:${regex}}`,
  );
}

function rooted(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
