/** Throws what `require` throws when the package is missing. */
declare function requirePino(): typeof import("pino");
export = requirePino;
