type Row = readonly [what: string, note: string];

/** What to open in a browser and what to run in a shell, with what is to be seen there. */
export function urlsToTry(port: number, password: string): string {
  const at = (host: string, path: string) => `http://${host}:${port}${path}`;
  return [
    "In a browser:",
    ...aligned([
      [at("localhost", "/"), "the home page"],
      [at("localhost", "/login"), `log in as ada or grace with the password ${password}`],
      [at("localhost", "/members/files"), "upload files"],
      [at("localhost", "/members/chat"), "chat over a WebSocket; open it twice"],
      [at("localhost", "/app"), "the app; books that curl adds show up at once"],
      [at("localhost", "/app/books/2"), "a page of the app: the server answers /app for every path below it"],
      [at("localhost", "/nowhere"), "the error page"],
      [at("acme.localhost", "/"), "a tenant"],
    ]),
    "",
    `In a shell (a curl before 7.85 does not know *.localhost; add --resolve "*:${port}:127.0.0.1"):`,
    ...aligned([...booksToTry(at), ...hostsToTry(at), ...membersToTry(at, password)]),
  ].join("\n");
}

type At = (host: string, path: string) => string;

function booksToTry(at: At): readonly Row[] {
  const api = (path: string) => `"${at("api.localhost", path)}"`;
  const emma = `-H "content-type: application/json" -d '{"title":"Emma","author":"Jane Austen","year":1815}'`;
  return [
    [`curl ${api("/books")}`, "all books"],
    [`curl ${api("/books?search=wells&limit=5")}`, "some of them"],
    [`curl ${api("/books?limit=none")}`, "400 with what is wrong"],
    [`curl ${api("/books/1")}`, "one"],
    [`curl ${api("/books/99")}`, "404 as problem details"],
    [`curl -N ${api("/books/events")}`, "every change, as it is made: leave it open"],
    [`curl -i ${emma} ${api("/books")}`, "201"],
    [`curl -X PUT ${emma} ${api("/books/1")}`, "200"],
    [`curl -i -X DELETE ${api("/books/2")}`, "204"],
    [`curl -i -X PATCH ${api("/books")}`, "405 with Allow"],
    [`curl -i ${api("/books/")}`, "308 to /books"],
    [`curl -N -H "last-event-id: 0" ${api("/books/events")}`, "the changes up to now, then further ones"],
  ];
}

function hostsToTry(at: At): readonly Row[] {
  return [
    [`curl -i ${at("localhost", "/api/nowhere")}`, "404 that stays JSON"],
    [`curl ${at("acme.localhost", "/hello/you")}`, "a param of the host and one of the path"],
    [`curl -H "Host: globex.localhost" ${at("127.0.0.1", "/")}`, "the same with a Host header"],
    [`curl ${at("acme.localhost", "/shelves/a/b")}`, "a subtree handler"],
    [`curl -i ${at("127.0.0.1", "/app")}`, "307 to localhost"],
    [`curl -i -r 0-99 ${at("localhost", "/assets/app.js")}`, "206, the first hundred bytes"],
  ];
}

/** With the cookie that says who is logged in. */
function membersToTry(at: At, password: string): readonly Row[] {
  const jar = "/tmp/argania-cookies";
  const page = (path: string) => at("localhost", path);
  return [
    [`curl -i ${page("/members")}`, "401 without a login"],
    [`curl -i -c ${jar} -d "name=ada&password=${password}" ${page("/login")}`, "303, and a cookie"],
    [
      `curl -L -b ${jar} -F "file=Hello;filename=hello.txt;type=text/plain" ${page("/members/files")}`,
      "uploads",
    ],
    [`curl -b ${jar} ${page("/members/files/1")}`, "what was uploaded"],
    [`curl -i -r 0-1 -b ${jar} ${page("/members/files/1")}`, "206, two bytes of it"],
    [`curl -i -b ${jar} -F "file=x;filename=x.html" ${page("/members/files")}`, "415"],
    [`curl -i -b ${jar} ${page("/members/chat/socket")}`, "426: it wants a WebSocket"],
    [`curl -i -b ${jar} -c ${jar} -X POST ${page("/logout")}`, "303, and the cookie is gone"],
  ];
}

/** Longer commands would push the notes of all others off the screen. */
const WIDEST = 75;

function aligned(rows: readonly Row[]): readonly string[] {
  const lengths = rows.map(([what]) => what.length).filter((length) => length <= WIDEST);
  const width = Math.max(...lengths);
  return rows.map(([what, note]) => `  ${what.padEnd(width)}  # ${note}`);
}
