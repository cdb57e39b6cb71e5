import { readFileSync } from "node:fs";
import { type ErrorReport, type Logger, Server, type ServerHandle, type Service } from "argania";
import { onTestFinished } from "vitest";

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** A self-signed certificate that is in the repository, key and all: for tests only. */
export const testTls = () => ({ key: fixture("key.pem"), cert: fixture("cert.pem") });

export class MemoryLogger implements Logger {
  readonly reports: (ErrorReport & { readonly message: string })[] = [];
  error(report: ErrorReport, message: string): void {
    this.reports.push({ ...report, message });
  }
}

/** Serves on a free port until the test is over. */
export async function serve(
  service: Service,
  server = new Server(),
): Promise<ServerHandle & { port: number }> {
  const handle = await server.withLogger(new MemoryLogger()).serve(service, "127.0.0.1:0");
  onTestFinished(async () => {
    await handle.close();
  });
  return { ...handle, port: handle.address.port };
}
