import { describe, expect, it } from "vitest";
import { wantsPage } from "../../src/resource/static/spa-fallback.ts";
import { serving } from "./serving.ts";
import { tempFiles } from "./temp-files.ts";

describe("a single-page app", () => {
  const PAGE = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-dest": "document" };
  it.each([
    ["/app/users/7", PAGE, 200],
    ["/app/users/", PAGE, 200],
    ["/app/users/7", {}, 200],
    ["/app/users/7", { accept: "*/*" }, 200],
    ["/app/users/7", { accept: "*/*", "sec-fetch-dest": "empty" }, 404],
    ["/app/users/7", { accept: "application/json" }, 404],
    ["/app/users/7", { accept: "text/html;q=0, application/json" }, 404],
    ["/app/users/7", { accept: "TEXT/HTML; q=0.0" }, 404],
    ["/app/users/7", { accept: "image/png;q=0 ,text/*;v=1;q=0.5" }, 200],
    ["/app/missing.js", PAGE, 404],
    ["/app/.env", PAGE, 404],
  ])("%s with %o is %i", async (path, headers, status) => {
    const service = serving(
      tempFiles({ "index.html": "<h1>app</h1>" }),
      { spaFallback: "index.html" },
      "/app",
    );
    const response = await service.request(path, { headers });
    expect(response.status).toBe(status);
    // Whatever hangs on the headers says so, or a cache would give one client's answer to another one.
    if (!path.includes(".")) {
      expect(response.headers.get("vary")).toBe("accept, sec-fetch-dest");
    }
    if (status === 200) {
      expect(await response.text()).toBe("<h1>app</h1>");
    }
  });
});

it("an Accept that is made to be slow is not", async () => {
  // With work in the square of the length this takes hours.
  const accept = `${"*/*; ".repeat(400_000)}q=0`;
  const context = { header: (name: string) => (name === "accept" ? accept : undefined) };
  expect(wantsPage(context as never)).toBe(false);
});
