/**
 * Text in other clothes, and pictures and fonts of the plain kind; what is packed already (images, video, archives, fonts of
 * the web) grows by being compressed. `mime-db` calls none of these incompressible, and what it has besides is rare.
 */
const COMPRESSIBLE = /* @__PURE__ */ compressibleTypes();

/** A bundler leaves out a call that is marked as pure, but not the making of what it is given. */
function compressibleTypes(): RegExp {
  return new RegExp(
    `^(?:${[
      "text/.+",
      ".+\\+(?:json|text|xml|yaml)",
      "application/(?:x-)?(?:json|jsonl|ndjson|json-seq|xml|xml-dtd|yaml|toml|javascript|ecmascript|graphql|sql|wasm)",
      "application/(?:x-www-form-urlencoded|x-sh|x-httpd-php|x-tar|tar|rtf|postscript|vnd\\.ms-(?:fontobject|opentype))",
      "image/(?:bmp|x-ms-bmp|x-icon|vnd\\.microsoft\\.icon)",
      "font/(?:ttf|otf)",
    ].join("|")})$`,
    "i",
  );
}

/** Whether compressing something of this media type saves something. */
export function isCompressible(contentType: string): boolean {
  const parameters = contentType.indexOf(";");
  return COMPRESSIBLE.test((parameters < 0 ? contentType : contentType.slice(0, parameters)).trim());
}
