import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _get, type ErrorReport, Resource, Server } from "argania";
import { FileStream, StaticFiles } from "argania/static";
import type { Target } from "./raw-client.ts";

/** The files that the cases speak of, served over a socket. */
export interface FilesApp extends Target {
  readonly directory: string;
  readonly reports: ErrorReport[];
  close(): Promise<void>;
}

export const BIG = 64 * 2 ** 20;

export async function startFilesApp(): Promise<FilesApp> {
  const base = mkdtempSync(join(tmpdir(), "argania-hostile-"));
  const directory = await makeDirectory(base);
  const root = new Resource("/").setHandlerFor(_get.to(() => "root"));
  root.addSubresource(new StaticFiles("/static", directory).intoResource());
  root.addSubresource(
    new StaticFiles("/packed", directory, { compress: true, precompressed: true }).intoResource(),
  );
  root.subresource("/stream").setHandlerFor(_get.to(() => FileStream.open(join(directory, "hello.txt"))));
  const reports: ErrorReport[] = [];
  const logger = { error: (report: ErrorReport) => void reports.push(report) };
  const { address, close } = await new Server()
    .withLogger(logger)
    .serve(root.intoService({ logger }), "127.0.0.1:0");
  return {
    host: address.host,
    port: address.port,
    directory,
    reports,
    close: async () => {
      await close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

async function makeDirectory(base: string): Promise<string> {
  const directory = join(base, "files");
  mkdirSync(join(directory, "sub"), { recursive: true });
  const files = {
    "hello.txt": "hello",
    ".env": "OUTSIDE-DOT",
    "sub/in.txt": "in",
    "../secret.txt": "OUTSIDE",
    "../files-beside/secret.txt": "OUTSIDE",
    "index.html": "index",
    "empty.txt": "",
    "text.txt": "text ".repeat(2_000),
  };
  mkdirSync(join(base, "files-beside"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
  }
  mkdirSync(join(directory, "named-like.txt"));
  symlinkSync("../secret.txt", join(directory, "link-out.txt"));
  symlinkSync("../files-beside", join(directory, "dir-out"));
  symlinkSync("/etc", join(directory, "etc"));
  symlinkSync("/dev/zero", join(directory, "zero"));
  symlinkSync("hello.txt", join(directory, "link-in.txt"));
  execFileSync("mkfifo", [join(directory, "pipe")]);
  writeFileSync(join(directory, "big.bin"), "");
  truncateSync(join(directory, "big.bin"), BIG);
  await makeSocket(join(directory, "socket"));
  return directory;
}

/** A file of the kind socket, with nobody behind it. */
function makeSocket(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(path, () => {
      execFileSync("ln", [path, `${path}-left`]);
      server.close(() => resolve());
    });
  });
}
