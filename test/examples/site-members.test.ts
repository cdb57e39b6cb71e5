import type { Service } from "argania";
import { beforeEach, describe, expect, it } from "vitest";
import { exampleSite, logIn, PASSWORD } from "./example-site.ts";

let site: Service;

beforeEach(async () => {
  site = await exampleSite();
});

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

function sendForm(fields: Record<string, string>) {
  return site.request("/login", { method: "POST", headers: browser, body: new URLSearchParams(fields) });
}

describe("the login", () => {
  it("leads to the members with a signed cookie", async () => {
    const response = await sendForm({ name: " ada ", password: PASSWORD });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/members"]);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^argania-example-user=[^;]+; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/);
    // Signed: its name can be read, but is nothing without what is in front of it.
    expect(cookie).toMatch(/^[\w-]+=[\w-]{43}\.[\da-z]+\.ada;/);

    const headers = { ...browser, cookie: cookie.split(";")[0] as string };
    expect(await (await site.request("/members", { headers })).text()).toContain("<h1>Hello, ada</h1>");
    expect(await (await site.request("/", { headers })).text()).toContain("You are ada");
  });

  it.each([
    ["the wrong password", { name: "ada", password: "wrong" }, 401, "Wrong name or password."],
    ["a name that does not exist", { name: `"><b>`, password: PASSWORD }, 401, "Wrong name or password."],
    ["an empty password", { name: "ada", password: "" }, 400, "Fill in both, please."],
    ["no name", { password: PASSWORD }, 400, "Fill in both, please."],
  ])("shows the form again for %s", async (_, fields, status, message) => {
    const response = await sendForm(fields as Record<string, string>);
    expect(response.status).toBe(status);
    expect(response.headers.getSetCookie()).toEqual([]);
    const page = await response.text();
    expect(page).toContain(`<p role="alert">${message}</p>`);
    expect(page).toContain(`<form method="post" action="/login">`);
    expect(page).not.toContain("<b>");
  });

  it("takes a form only, of a few bytes", async () => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect((await site.request("/login", init)).status).toBe(415);
    expect((await sendForm({ name: "ada", password: "x".repeat(3_000) })).status).toBe(413);
  });

  it("ends with a POST only", async () => {
    expect((await site.request("/logout")).status).toBe(405);
    const response = await site.request("/logout", { method: "POST" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(response.headers.get("set-cookie")).toMatch(/^argania-example-user=; Max-Age=0; Path=\//);
  });
});

describe("what is for members", () => {
  it("sends everybody else to the login", async () => {
    for (const path of ["/members", "/members/files", "/members/files/1", "/members/nowhere"]) {
      const page = await site.request(path, { headers: browser });
      expect([page.status, page.headers.get("location")]).toEqual([303, "/login"]);
      const problem = await site.request(path);
      expect(problem.status).toBe(401);
      expect(await problem.json()).toMatchObject({ code: "LOG_IN", detail: "Log in first." });
    }
  });

  it("is not open to cookies that were not made here", async () => {
    const cookie = await logIn(site);
    const [name, value = ""] = cookie.split("=");
    const forged = [
      `${name}=ada`,
      `${name}=${value.slice(0, -1)}`,
      // Another's name, and a later end, with the signature of one's own.
      `${name}=${value.replace(/ada$/, "grace")}`,
      `${name}=${value.replace(/[\da-z]+\.ada$/, "zzzzzz.ada")}`,
      await logIn(await exampleSite()),
    ];
    expect(new Set([cookie, ...forged]).size).toBe(6);
    for (const cookie of forged) {
      expect((await site.request("/members", { headers: { cookie } })).status).toBe(401);
    }
    expect((await site.request("/members", { headers: { cookie } })).status).toBe(200);
  });
});
