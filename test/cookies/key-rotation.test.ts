import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { _get, cookie, optional, Resource, respond, type Service } from "argania";
import { CookieKey, cookieKey } from "argania/cookies";
import { fetch } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { announceSkipped, curlVersion } from "../examples/find-program.ts";
import { serve } from "../server/serve.ts";
import { cookieHeader } from "./with-jar.ts";

const execute = promisify(execFile);
const [OLD, NEW, OTHER] = ["old", "new", "other"].map((name) => CookieKey.from(name.padEnd(32, ".")));

/** One version of a site: it makes cookies with the first of its keys, and reads those of all of them. */
function version(kind: "signed" | "private", ...keys: (CookieKey | undefined)[]): Service {
  const root = new Resource("/").setProperty(cookieKey.to(keys as CookieKey[]));
  root.setHandlerFor(_get.to([optional(cookie[kind]("user"))], (user = "nobody") => user));
  root
    .subresource("/login")
    .setHandlerFor(_get.to((context) => respond(context.cookies()[kind].set("user", "Ada"), "in")));
  // What a site does for its cookies to outlive their key.
  root.subresource("/renew").setHandlerFor(
    _get.to((context) => {
      const jar = context.cookies()[kind];
      const user = jar.get("user") ?? "nobody";
      return jar.needsRenewal("user") ? respond(jar.set("user", user), `${user} again`) : user;
    }),
  );
  return root.intoService();
}

type Ask = (port: number, path?: string) => Promise<string>;

/** A client that keeps its cookies from one port of a host to the next, as all do (RFC 6265 §8.5). */
function undiciClient(): Ask {
  let header = "";
  return async (port, path = "/") => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie: header } });
    const lines = response.headers.getSetCookie();
    header = lines.length > 0 ? cookieHeader(lines) : header;
    return response.text();
  };
}

function curlClient(): Ask {
  const folder = mkdtempSync(join(tmpdir(), "argania-rotation-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "jar");
  return async (port, path = "/") => {
    const options = ["-sS", "-m", "15", "--noproxy", "*", "-b", file, "-c", file];
    return (await execute("curl", [...options, `http://127.0.0.1:${port}${path}`])).stdout;
  };
}

const hasCurl = curlVersion() !== "";
if (!hasCurl) {
  announceSkipped("tests of rotated keys with curl are", "there is no curl.");
}

const CLIENTS = [["undici", undiciClient], ...(hasCurl ? [["curl", curlClient] as const] : [])] as const;

describe.each(CLIENTS)("%s keeps a cookie while its key is replaced", (_, makeClient) => {
  it.each(["signed", "private"] as const)("%s", async (kind) => {
    const start = async (...keys: (CookieKey | undefined)[]) => (await serve(version(kind, ...keys))).port;
    const [before, during, after] = [await start(OLD), await start(NEW, OLD), await start(NEW)];
    const ask = makeClient();
    expect(await ask(before)).toBe("nobody");
    await ask(before, "/login");
    expect([await ask(before), await ask(during), await ask(after)]).toEqual(["Ada", "Ada", "nobody"]);
    // Made anew, it is of the first key, which the version before does not know.
    expect(await ask(during, "/renew")).toBe("Ada again");
    expect(await ask(during, "/renew")).toBe("Ada");
    expect([await ask(before), await ask(during), await ask(after)]).toEqual(["nobody", "Ada", "Ada"]);
    expect(await ask(await start(OTHER))).toBe("nobody");
  });
});
