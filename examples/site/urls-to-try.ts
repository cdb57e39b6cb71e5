/** What to open in a browser and what to run in a shell, with what is to be seen there. */
export function urlsToTry(port: number): string {
  const at = (host: string, path: string) => `http://${host}:${port}${path}`;
  const api = (path: string) => `"${at("api.localhost", path)}"`;
  const emma = `-H "content-type: application/json" -d '{"title":"Emma","author":"Jane Austen","year":1815}'`;
  return [
    "In a browser:",
    ...aligned([
      [at("localhost", "/"), "the home page"],
      [at("localhost", "/app/books/2"), "a page of the app: the server answers /app for every path below it"],
      [at("localhost", "/nowhere"), "the error page"],
      [at("acme.localhost", "/"), "a tenant"],
    ]),
    "",
    `In a shell (a curl before 7.85 does not know *.localhost; add --resolve "*:${port}:127.0.0.1"):`,
    ...aligned([
      [`curl ${api("/books")}`, "all books"],
      [`curl ${api("/books?search=wells&limit=5")}`, "some of them"],
      [`curl ${api("/books/1")}`, "one"],
      [`curl ${api("/books/99")}`, "404 as problem details"],
      [`curl -i -X DELETE ${api("/books/2")}`, "204"],
      [`curl -i -X PATCH ${api("/books")}`, "405 with Allow"],
      [`curl -i ${api("/books/")}`, "308 to /books"],
      [`curl -i ${at("localhost", "/api/nowhere")}`, "404 that stays JSON"],
      [`curl ${at("acme.localhost", "/hello/you")}`, "a param of the host and one of the path"],
      [`curl -H "Host: globex.localhost" ${at("127.0.0.1", "/")}`, "the same with a Host header"],
      [`curl -i ${at("127.0.0.1", "/app")}`, "307 to localhost"],
    ]),
    `  curl -i ${emma} ${api("/books")}`,
    `  curl -X PUT ${emma} ${api("/books/1")}`,
  ].join("\n");
}

function aligned(rows: readonly (readonly [what: string, note: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([what]) => what.length));
  return rows.map(([what, note]) => `  ${what.padEnd(width)}  # ${note}`);
}
