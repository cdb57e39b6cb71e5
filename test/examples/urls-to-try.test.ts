import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, type ServerHandle } from "argania";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { urlsToTry } from "../../examples/site/urls-to-try.ts";
import { exampleSite, PASSWORD } from "./example-site.ts";
import { announceSkipped, curlVersion } from "./find-program.ts";

const hasCurl = curlVersion() !== "" && process.platform !== "win32";
if (!hasCurl) {
  announceSkipped("the commands to try are", "there is no curl, or no shell.");
}

const PORT = 54_321; // replaced when it is known
const JAR = "/tmp/argania-cookies";
const commands = urlsToTry(PORT, PASSWORD)
  .split("\n")
  .flatMap((line) => {
    const [, command, note] = /^ {2}(curl .*?) +# (.*)$/.exec(line) ?? [];
    return command === undefined || note === undefined ? [] : [{ command, note }];
  });

let server: ServerHandle;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "argania-curl-"));
  server = await new Server().serve(await exampleSite(), "127.0.0.1:0");
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Runs a command as a shell does; a stream that never ends is left after a second. */
function run(command: string): Promise<Outcome> {
  const { port } = server.address;
  const limit = command.includes(" -N ") ? 1 : 15;
  const options = `-sS -m ${limit} --noproxy '*' --resolve '*:${port}:127.0.0.1' -w '\\n%{http_code}'`;
  const script = command
    .replace(/^curl/, `curl ${options}`)
    .replaceAll(String(PORT), String(port))
    .replaceAll(JAR, join(folder, "cookies"));
  return new Promise((resolve) => {
    execFile("sh", ["-c", script], { encoding: "utf8" }, (_, stdout) => {
      const end = stdout.lastIndexOf("\n");
      resolve({ status: Number(stdout.slice(end + 1)), output: stdout.slice(0, end) });
    });
  });
}

describe.skipIf(!hasCurl)("what there is to try with curl", () => {
  const outputs = new Map<string, string>();

  it("is all of it", () => {
    expect(commands.length).toBeGreaterThanOrEqual(25);
  });

  it.each(commands)("$note: $command", async ({ command, note }) => {
    const { status, output } = await run(command);
    const [, expected = "200"] = /^(\d{3})\b/.exec(note) ?? [];
    expect(status, output).toBe(Number(expected));
    outputs.set(note, output);
  });

  it("shows what the notes say", () => {
    expect(outputs.get("400 with what is wrong")).toContain(`"issues":[{"path":"limit"`);
    expect(outputs.get("405 with Allow")).toMatch(/^allow: GET, HEAD, POST\r$/im);
    expect(outputs.get("the changes up to now, then further ones")?.match(/^event:.*$/gm)).toEqual([
      "event:added",
      "event:replaced",
      "event:removed",
    ]);
    expect(outputs.get("uploads")).toContain(`"name":"hello.txt","type":"text/plain","bytes":5`);
    expect(outputs.get("what was uploaded")).toBe("Hello");
    expect(outputs.get("206, two bytes of it")).toMatch(/\r\n\r\nHe$/);
  });

  it("ends with the cookie removed", async () => {
    const { status } = await run(`curl -b ${JAR} http://localhost:${PORT}/members`);
    expect(status).toBe(401);
  });
});
