/** Something that adds headers to a response, as a cookie jar does. */
export interface HeaderSource {
  appendTo(headers: Headers): void;
}
