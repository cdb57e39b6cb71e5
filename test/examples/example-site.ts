import type { Service } from "argania";
import { CookieKey } from "argania/cookies";
import { afterAll } from "vitest";
import { Accounts } from "../../examples/site/accounts.ts";
import { buildSite } from "../../examples/site/build-site.ts";
import { UploadStore } from "../../examples/site/upload-store.ts";

export const PASSWORD = "for tests only";

const accounts = await Accounts.create(["ada", "grace"], PASSWORD);
const opened: UploadStore[] = [];

afterAll(async () => {
  await Promise.all(opened.map((uploads) => uploads.close()));
});

/** The example site with a folder for uploads of its own, which is removed when the tests of the file are over. */
export async function exampleSite(log: (line: string) => void = () => {}): Promise<Service> {
  const uploads = await UploadStore.open();
  opened.push(uploads);
  return buildSite({ port: 8080, log, cookieKey: CookieKey.generate(), accounts, uploads });
}

/** Logs in and gives the cookie to send. */
export async function logIn(site: Service, name = "ada"): Promise<string> {
  const body = new URLSearchParams({ name, password: PASSWORD });
  const response = await site.request("/login", { method: "POST", body });
  const [cookie = ""] = response.headers.getSetCookie();
  return cookie.split(";")[0] as string;
}
